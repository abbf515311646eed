// SPDX-License-Identifier: GPL-2.0-or-later
import type { Catalog } from '../distro/catalog.ts';
import type { SourceInput } from '../distro/source-input.ts';
import type { PredictedUse } from '../events/events.ts';
import type { TaskHistory } from '../schedule/task-history.ts';
import { type SourceFeatures, UsePredictor } from '../schedule/use-predictor.ts';

/** Predicts by a history what sources take; the catalog tells how large those of the history are. */
export function openPrediction(
  history: TaskHistory,
  catalog: Pick<Catalog, 'findSource'>,
): (source: SourceInput) => PredictedUse {
  const predictor = new UsePredictor(history, (name) => {
    const source = catalog.findSource(name);
    return source === undefined ? undefined : featuresOf(source);
  });
  return (source) => predictor.predict(featuresOf(source));
}

/** What is known of a source without its files. */
function featuresOf(source: SourceInput): SourceFeatures {
  const bytes =
    source.kind === 'repository' ? source.files.reduce((sum, file) => sum + file.bytes, 0) : undefined;
  return { name: source.name, bytes };
}
