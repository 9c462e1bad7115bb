/** Reads a code out of the camera's picture; nothing while there is none. */
export type Decode = (video: HTMLVideoElement) => Promise<string | undefined>;

interface Detector {
  detect: (source: HTMLVideoElement) => Promise<{ rawValue: string }[]>;
}
interface DetectorClass {
  new (options: { formats: string[] }): Detector;
  getSupportedFormats: () => Promise<string[]>;
}

/** What stands on parcels: our own QR code and Code 128, and what carriers print. */
const WANTED = [
  "qr_code",
  "code_128",
  "code_39",
  "codabar",
  "itf",
  "ean_13",
  "data_matrix",
  "pdf417",
  "aztec",
];

/** The browser's own reader where it has one for our codes, else the one that we bring. */
export async function loadDecoder(): Promise<Decode> {
  return (await nativeDecoder()) ?? (await ownDecoder());
}

async function nativeDecoder(): Promise<Decode | undefined> {
  const found = (window as unknown as { BarcodeDetector?: DetectorClass }).BarcodeDetector;
  try {
    const formats = (await found?.getSupportedFormats())?.filter((one) => WANTED.includes(one)) ?? [];
    if (!found || !formats.includes("qr_code") || !formats.includes("code_128")) {
      return undefined;
    }
    const detector = new found({ formats });
    return async (video) => (await detector.detect(video))[0]?.rawValue;
  } catch {
    // Some systems offer the class without the service behind it.
    return undefined;
  }
}

/** Wider pictures take longer to read, and say no more. */
const WIDEST = 1280;

async function ownDecoder(): Promise<Decode> {
  const [{ prepareZXingModule, readBarcodes }, { default: wasm }] = await Promise.all([
    import("zxing-wasm/reader"),
    import("zxing-wasm/reader/zxing_reader.wasm?url"),
  ]);
  await prepareZXingModule({ overrides: { locateFile: () => wasm }, fireImmediately: true });
  const canvas = document.createElement("canvas");
  const context = canvas.getContext("2d", { willReadFrequently: true });
  return async (video) => {
    const scale = Math.min(1, WIDEST / video.videoWidth);
    canvas.width = Math.round(video.videoWidth * scale);
    canvas.height = Math.round(video.videoHeight * scale);
    if (!context || canvas.width === 0) {
      return undefined;
    }
    context.drawImage(video, 0, 0, canvas.width, canvas.height);
    const picture = context.getImageData(0, 0, canvas.width, canvas.height);
    const found = await readBarcodes(picture, { tryHarder: true, maxNumberOfSymbols: 1 });
    return found.find((one) => one.isValid)?.text;
  };
}
