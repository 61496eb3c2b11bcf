const withMark = (text: string) => `\uFEFF${text}`;
const windows = (text: string) => text.replaceAll('\n', '\r\n');

/** The same text as different editors and shells write it. */
export const writtenBy: Readonly<Record<string, (text: string) => Buffer>> = {
  'UTF-8': (text) => Buffer.from(text),
  'UTF-8 with a byte order mark': (text) => Buffer.from(withMark(text)),
  'UTF-8 with CRLF': (text) => Buffer.from(windows(text)),
  'UTF-16 of PowerShell': (text) => Buffer.from(withMark(windows(text)), 'utf16le'),
  'UTF-16, big end first': (text) => Buffer.from(withMark(text), 'utf16le').swap16(),
  'UTF-16 without a mark': (text) => Buffer.from(text, 'utf16le'),
  'UTF-16 without a mark, big end first': (text) => Buffer.from(text, 'utf16le').swap16(),
};
