import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';

/** The dark squares of the code as one path, and the width of its picture. */
async function drawn(text: string): Promise<{ path: string; size: number }> {
  const { encode } = await import('uqr');
  const { data, size } = encode(text, { ecc: 'M', border: 2 });
  const squares = data.flatMap((row, y) => row.flatMap((dark, x) => (dark ? [`M${x} ${y}h1v1h-1z`] : [])));
  return { path: squares.join(''), size };
}

/** A QR code, black on white in the dark too: not all cameras read it the other way round. */
export function QrCode({ text, label }: { text: string; label: string }): ReactNode {
  const { data } = useQuery({ queryKey: ['qr-code', text], queryFn: () => drawn(text), staleTime: Infinity, gcTime: 0 });
  if (!data) return <div className="qr-code" />;
  return (
    <svg className="qr-code" viewBox={`0 0 ${data.size} ${data.size}`} role="img" aria-label={label} shapeRendering="crispEdges">
      <rect width={data.size} height={data.size} fill="#fff" />
      <path d={data.path} fill="#000" />
    </svg>
  );
}
