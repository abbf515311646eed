// SPDX-License-Identifier: GPL-2.0-or-later
import type { ReactElement } from 'react';
import { formatBytes } from '../../src/base/bytes.ts';
import { client } from '../data/client.ts';
import type { TaskDocument } from '../data/task-document.ts';

/** What a task gave, to be taken away. */
export function ArtifactList({ document }: { readonly document: TaskDocument }): ReactElement {
  const { campaign, task } = document;
  return (
    <section aria-labelledby="artifacts">
      <h2 id="artifacts">Artifacts</h2>
      <table className="list artifacts">
        <thead>
          <tr>
            <th scope="col">file</th>
            <th scope="col" className="number">
              size
            </th>
            <th scope="col">SHA-256</th>
          </tr>
        </thead>
        <tbody>
          {task.artifacts.map(({ file, bytes, sha256 }) => {
            const address = client.artifactAddress(campaign, task.task, file);
            return (
              <tr key={file}>
                <th scope="row">
                  {address === undefined ? (
                    file
                  ) : (
                    <a href={address} download>
                      {file}
                    </a>
                  )}
                </th>
                <td className="number">{formatBytes(bytes)}</td>
                <td>
                  <code className="digest" title={sha256}>
                    {sha256.slice(0, 16)}
                  </code>
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </section>
  );
}
