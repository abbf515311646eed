// SPDX-License-Identifier: GPL-2.0-or-later
import { expect, test } from 'vitest';
import { parseMetalink, parseMirrorList } from './mirror-lists.ts';

const newest = '11'.repeat(32);
const older = '22'.repeat(32);

const metalink = `<?xml version="1.0" encoding="utf-8"?>
<metalink version="3.0" xmlns="http://www.metalinker.org/" xmlns:mm0="http://mirror.example.org/mm0">
 <files>
  <file name="repomd.xml">
   <mm0:timestamp>1700000000</mm0:timestamp>
   <verification><hash type="md5">00</hash><hash type="sha256">${newest}</hash></verification>
   <mm0:alternates><mm0:alternate>
     <verification><hash type="sha256">${older}</hash></verification>
   </mm0:alternate></mm0:alternates>
   <resources maxconnections="1">
    <url protocol="rsync" type="rsync" preference="100">rsync://a.example.org/hive/repodata/repomd.xml</url>
    <url protocol="http" type="http" preference="90">http://b.example.org/hive/repodata/repomd.xml</url>
    <url protocol="https" type="https" preference="95">https://c.example.org/hive/repodata/repomd.xml</url>
   </resources>
  </file>
 </files>
</metalink>`;

test('a metalink leads to its mirrors, the most preferred first, and says what may be there', () => {
  const repomd = [newest, older];
  expect(parseMetalink(metalink)).toEqual([
    { uri: 'https://c.example.org/hive', repomd },
    { uri: 'http://b.example.org/hive', repomd },
  ]);
});

test('anything else leads nowhere', () => {
  expect(parseMetalink('')).toEqual([]);
  expect(parseMetalink('<metalink/>')).toEqual([]);
  expect(parseMetalink(metalink.replaceAll(/https?:\/\/[bc]/g, 'ftp://d'))).toEqual([]);
  expect(parseMirrorList('# no mirror for this release\n')).toEqual([]);
});

test('a mirrorlist leads to its addresses', () => {
  expect(parseMirrorList('# hive\nhttp://a.example.org/hive/\nhttp://b.example.org/\n')).toEqual([
    { uri: 'http://a.example.org/hive/', repomd: [] },
    { uri: 'http://b.example.org/', repomd: [] },
  ]);
});
