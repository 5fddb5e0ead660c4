// Escape sequences (colours, titles), also in their form of eight bits, then control characters but tab and new line.
const ESCAPES = /\u009b[0-9;?]*[ -/]*[@-~]|\u001b(?:\[[0-9;?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)?|[@-Z\\-_])/g;
const CONTROLS = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;

/** The text without what a terminal would obey. */
export const plain = (text: string): string => text.replace(ESCAPES, '').replace(CONTROLS, '');
