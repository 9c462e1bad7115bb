import { type ReactNode, useState } from "react";

interface PictureProps {
  url: string | null | undefined;
  size: number;
  /** Stands in where there is no picture, or where it cannot be had. */
  instead: ReactNode;
}

/** A small decorative picture; its meaning stands beside it as text. */
export function Picture({ url, size, instead }: PictureProps) {
  const [broken, setBroken] = useState<string>();
  return url && url !== broken ? (
    <img src={url} alt="" loading="lazy" width={size} height={size} onError={() => setBroken(url)} />
  ) : (
    instead
  );
}
