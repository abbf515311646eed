// SPDX-License-Identifier: GPL-2.0-or-later
import { join } from 'node:path';
import { defineConfig } from 'vite';
import { collectLicences } from './collect-licences.ts';

/**
 * One script and one style sheet under fixed names, for the server and for reports alike: a page opened from file://
 * may not load modules, so the script is a plain one.
 */
export default defineConfig({
  root: import.meta.dirname,
  publicDir: 'public',
  plugins: [collectLicences()],
  define: { 'process.env.NODE_ENV': '"production"' },
  build: {
    outDir: join(import.meta.dirname, '../dist/dashboard'),
    emptyOutDir: true,
    target: 'es2023',
    modulePreload: false,
    // Else it would be put into the script, which the content policy forbids to apply it.
    cssCodeSplit: false,
    reportCompressedSize: false,
    rolldownOptions: {
      input: join(import.meta.dirname, 'main.tsx'),
      output: {
        format: 'iife',
        entryFileNames: 'app.js',
        assetFileNames: 'app[extname]',
        codeSplitting: false,
      },
    },
  },
  logLevel: 'error',
});
