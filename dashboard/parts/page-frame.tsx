// SPDX-License-Identifier: GPL-2.0-or-later
import { Link, Outlet } from '@tanstack/react-router';
import { type ReactElement, useState } from 'react';
import { client } from '../data/client.ts';
import { applyTheme, chosenTheme, type Theme } from './theme.ts';

const nextTheme: Readonly<Record<Theme, Theme>> = { system: 'light', light: 'dark', dark: 'system' };

/** Not by the address: in a report what is behind `#` is the page's own. */
function skip(event: { preventDefault(): void }): void {
  event.preventDefault();
  document.getElementById('main')?.focus();
}

/** What is around every page. */
export function PageFrame(): ReactElement {
  return (
    <>
      <a className="skip" href="#main" onClick={skip}>
        Skip to the content
      </a>
      <header className="top">
        <Link to="/" className="brand">
          paseka
        </Link>
        <nav aria-label="Pages">
          <Link to="/" activeOptions={{ exact: true }}>
            Campaigns
          </Link>
          {client.isLive ? <Link to="/host">Host</Link> : null}
        </nav>
        {client.isLive ? null : <span className="quiet">report</span>}
        <ThemeButton />
      </header>
      <main id="main" tabIndex={-1}>
        <Outlet />
      </main>
    </>
  );
}

function ThemeButton(): ReactElement {
  const [theme, setTheme] = useState(chosenTheme);
  return (
    <button
      type="button"
      className="plain theme"
      onClick={() => {
        applyTheme(nextTheme[theme]);
        setTheme(nextTheme[theme]);
      }}
    >
      colours: {theme}
    </button>
  );
}
