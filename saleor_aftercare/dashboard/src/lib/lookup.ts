/** Numbers are short; global ids are base64 of at least a type's name. */
export const lookup = (key: string): { id?: string; number?: string } =>
  key.length > 14 && !key.includes("-") ? { id: key } : { number: key };
