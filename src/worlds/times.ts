/** Moments as programs write them into texts: ISO, `Sat Nov 21 2026 17:58:20 GMT+0000 (…)`, `11/21/2026, 5:58:20 PM`. */
export const TIMES =
  /\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?(?:Z|[+-]\d\d:?\d\d)?|\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) [A-Z][a-z]{2} \d\d \d{4} \d\d:\d\d:\d\d(?: GMT[+-]\d{4}(?: \([^)]*\))?)?|\b\d{1,2}\/\d{1,2}\/\d{4}, \d{1,2}:\d\d:\d\d(?: [AP]M)?/g;
