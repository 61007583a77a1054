/** Gives a file to the user, without leaving the page. */
export function download(name: string, content: Blob | string, type = 'text/csv') {
  const blob = typeof content === 'string' ? new Blob([content], { type }) : content;
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

/** One line of CSV. */
export const csvLine = (values: (string | number)[]) =>
  `${values.map((each) => (/[",\r\n]/.test(String(each)) ? `"${String(each).replaceAll('"', '""')}"` : each)).join(',')}\r\n`;
