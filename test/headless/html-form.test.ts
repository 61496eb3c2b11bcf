import { describe, expect, it } from 'vitest';
import { formRequest, pressed, readForms, readLinks } from '../../src/headless/html-form.js';

const page = 'http://localhost:8080/auth/signin?next=%2F';

describe('readForms', () => {
  it('sends what a browser would: ticked boxes, the button that is clicked, nothing that is disabled', () => {
    const [form] = readForms(
      `<form method="Post" action="/go"><input type=hidden name=csrfToken value="a&amp;b">
       <input type=checkbox name=no><input type=CHECKBOX name=yes value=1 checked><input name=off disabled>
       <input type=reset name=r><button type=button name=other>No</button>
       <button name="provider" value="logto"><b>Sign in</b> with Logto</button></form>`,
    );
    if (form === undefined) throw new Error('there is none');
    expect(form).toMatchObject({ label: 'Sign in with Logto', hidden: false });
    expect(formRequest(pressed(form), page)).toEqual({
      url: 'http://localhost:8080/go',
      method: 'POST',
      body: new URLSearchParams({ csrfToken: 'a&b', yes: '1', provider: 'logto' }),
      from: page,
    });
    expect(String(formRequest(form, page)?.body)).toBe('csrfToken=a%26b&yes=1');
  });

  it('sends the fields of a GET in the query, and a form without a target to its own page', () => {
    const forms = readForms(
      '<form><input name=q value="1 2"></form><form method=dialog action="javascript:x">',
    );
    const [search, dialog] = forms.map((form) => formRequest(form, page));
    expect(search).toEqual({ url: 'http://localhost:8080/auth/signin?q=1+2', from: page });
    expect(dialog).toBeNull();
  });
});

describe('readLinks', () => {
  it('tells the target of each link and what it says', () => {
    expect(
      readLinks('<a name=x>no</a><a href="/in?a=1&amp;b=2">Sign <b>in</b></a> or <a href=/out>out'),
    ).toEqual([
      { target: '/in?a=1&b=2', label: 'Sign in' },
      { target: '/out', label: 'out' },
    ]);
  });
});
