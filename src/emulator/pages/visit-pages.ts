import { html } from '../../html.js';
import { type Page, page } from './page.js';

/** What a browser sees that is in a visit from now on. */
export function visitPage(): Page {
  return page({
    title: 'A visit',
    body: html`
<h1>This browser is in a visit</h1>
<p class="lead">Whatever it asks here belongs to that visit of a test, until the visit is over.</p>`,
  });
}

/** Where a browser stays that is led no further. */
export function heldPage(): Page {
  return page({
    title: 'It ends here',
    body: html`
<h1>This visit ends here</h1>
<p class="lead">The test that this browser belongs to has it led no further.</p>`,
  });
}
