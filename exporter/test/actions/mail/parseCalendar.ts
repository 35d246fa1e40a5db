export interface CalendarProperty {
  readonly name: string;
  readonly parameters: Readonly<Record<string, string>>;
  /** As it is written; of a text, see `textOf`. */
  readonly value: string;
}

export interface CalendarComponent {
  readonly name: string;
  readonly properties: CalendarProperty[];
  readonly components: CalendarComponent[];
}

// RFC 5545, 3.1: a quoted value has no quotation mark, an unquoted one no colon, semicolon and comma; one value a parameter.
const PARAMETER = ';([A-Z0-9-]+)=(?:"([^"\\p{Cc}]*)"|([^";:,\\p{Cc}]*))';
const LINE = new RegExp(`^(?<name>[A-Z0-9-]+)(?<parameters>(?:${PARAMETER})*):(?<value>\\P{Cc}*)$`, 'u');

/** One iCalendar object by the grammar of RFC 5545, 3.1 and 3.4. Throws for a line that a strict reader would refuse. */
export function parseCalendar(text: string): CalendarComponent {
  const physical = text.split('\r\n');
  if (physical.pop() !== '') throw new Error('the last line has no end');
  for (const line of physical) {
    if (Buffer.byteLength(line) > 75 || /[\r\n]/.test(line)) throw new Error(`not folded at 75 octets: ${line}`);
  }
  const root: CalendarComponent = { name: '', properties: [], components: [] };
  const open = [root];
  for (const line of physical
    .join('\r\n')
    .replace(/\r\n[ \t]/g, '')
    .split('\r\n')) {
    const property = parseLine(line);
    const current = open.at(-1) ?? root;
    if (property.name === 'BEGIN') {
      const component = { name: property.value, properties: [], components: [] };
      current.components.push(component);
      open.push(component);
    } else if (property.name === 'END') {
      if (current.name !== property.value) throw new Error(`ends what is not open: ${line}`);
      open.pop();
    } else current.properties.push(property);
  }
  const [calendar] = root.components;
  if (open.length !== 1 || root.components.length !== 1 || root.properties.length > 0 || calendar?.name !== 'VCALENDAR')
    throw new Error('not one whole VCALENDAR');
  return calendar;
}

/** Of a property of type TEXT (RFC 5545, 3.3.11). */
export function textOf(value: string): string {
  if (!/^(?:[^\\;,]|\\[\\;,nN])*$/.test(value)) throw new Error(`not escaped: ${value}`);
  return value.replace(/\\(.)/g, (_, escaped: string) => (/n/i.test(escaped) ? '\n' : escaped));
}

function parseLine(line: string): CalendarProperty {
  const groups = LINE.exec(line)?.groups;
  if (groups === undefined) throw new Error(`no content line: ${line}`);
  const { name = '', parameters = '', value = '' } = groups;
  const pairs = [...parameters.matchAll(new RegExp(PARAMETER, 'gu'))];
  return {
    name,
    value,
    parameters: Object.fromEntries(pairs.map(([, key = '', quoted, bare]) => [key, quoted ?? bare ?? ''])),
  };
}
