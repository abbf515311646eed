// SPDX-License-Identifier: GPL-2.0-or-later
import {
  createBrowserHistory,
  createHashHistory,
  createRootRoute,
  createRoute,
  createRouter,
} from '@tanstack/react-router';
import { client } from './data/client.ts';
import { CampaignPage } from './pages/campaign-page.tsx';
import { CampaignsPage } from './pages/campaigns-page.tsx';
import { ComparePage } from './pages/compare-page.tsx';
import { HostPage } from './pages/host-page.tsx';
import { PackagePage } from './pages/package-page.tsx';
import { StartPage } from './pages/start-page.tsx';
import { TaskPage } from './pages/task-page.tsx';
import { readCampaignSearch } from './parts/campaign-search.ts';
import { NothingHere } from './parts/messages.tsx';
import { PageFrame } from './parts/page-frame.tsx';
import { readTaskSearch } from './parts/task-search.ts';

const root = createRootRoute({ component: PageFrame, notFoundComponent: NothingHere });

const campaigns = createRoute({ getParentRoute: () => root, path: '/', component: CampaignsPage });

const campaign = createRoute({
  getParentRoute: () => root,
  path: '/campaigns/$campaign',
  validateSearch: readCampaignSearch,
  component: function Campaign() {
    return <CampaignPage campaign={campaign.useParams().campaign} search={campaign.useSearch()} />;
  },
});

const task = createRoute({
  getParentRoute: () => root,
  path: '/campaigns/$campaign/tasks/$task',
  validateSearch: readTaskSearch,
  component: function Task() {
    const { campaign: id, task: number } = task.useParams();
    return <TaskPage key={`${id} ${number}`} campaign={id} task={Number(number)} search={task.useSearch()} />;
  },
});

const aPackage = createRoute({
  getParentRoute: () => root,
  path: '/packages/$source',
  component: function Package() {
    return <PackagePage source={aPackage.useParams().source} />;
  },
});

const compare = createRoute({
  getParentRoute: () => root,
  path: '/compare/$baseline/$candidate',
  component: function Compare() {
    return <ComparePage {...compare.useParams()} />;
  },
});

const host = createRoute({ getParentRoute: () => root, path: '/host', component: HostPage });

const start = createRoute({ getParentRoute: () => root, path: '/start', component: StartPage });

const routes = root.addChildren([campaigns, campaign, task, compare, aPackage, host, start]);

/** Addresses of a report stand behind `#`: a file has no others. */
export function makeRouter(): ReturnType<typeof createAppRouter> {
  return createAppRouter();
}

function createAppRouter() {
  return createRouter({
    routeTree: routes,
    history: client.isLive ? createBrowserHistory() : createHashHistory(),
    scrollRestoration: true,
    defaultPreload: false,
  });
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createAppRouter>;
  }
}
