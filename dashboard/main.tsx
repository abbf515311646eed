// SPDX-License-Identifier: GPL-2.0-or-later
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { ApiError } from './data/data-client.ts';
import { applyTheme } from './parts/theme.ts';
import { makeRouter } from './router.tsx';
import './style/style.css';

const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 30_000,
      refetchOnWindowFocus: false,
      // What isn't there won't be there a second later; a server that doesn't answer may.
      retry: (failures, error) => failures < 5 && error instanceof ApiError && error.status === 0,
    },
  },
});

applyTheme();
if (window.pasekaReport !== undefined && location.hash === '') location.hash = window.pasekaReport.start;
const root = document.getElementById('root');
if (root !== null) {
  createRoot(root).render(
    <StrictMode>
      <QueryClientProvider client={queries}>
        <RouterProvider router={makeRouter()} />
      </QueryClientProvider>
    </StrictMode>,
  );
}
