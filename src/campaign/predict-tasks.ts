// SPDX-License-Identifier: GPL-2.0-or-later
import type { Catalog } from '../distro/catalog.ts';
import type { SourceInput } from '../distro/source-input.ts';
import type { PredictedUse } from '../events/events.ts';
import type { TaskHistory } from '../schedule/task-history.ts';
import { type SourceFeatures, UsePredictor } from '../schedule/use-predictor.ts';

type Sources = Pick<Catalog, 'findSource' | 'countBuildRelations'>;

/** Predicts by a history what sources take; the catalog tells what those of the history are like. */
export function openPrediction(
  history: TaskHistory,
  catalog: Sources,
): (source: SourceInput) => PredictedUse {
  const predictor = new UsePredictor(history, (name) => {
    const source = catalog.findSource(name);
    return source === undefined ? undefined : featuresOf(source, catalog);
  });
  return (source) => predictor.predict(featuresOf(source, catalog));
}

/** What is known of a source without its files. */
function featuresOf(source: SourceInput, catalog: Sources): SourceFeatures {
  if (source.kind !== 'repository') return { name: source.name, bytes: undefined, relations: undefined };
  return {
    name: source.name,
    bytes: source.files.reduce((sum, file) => sum + file.bytes, 0),
    relations: catalog.countBuildRelations(source.name, source.version),
  };
}
