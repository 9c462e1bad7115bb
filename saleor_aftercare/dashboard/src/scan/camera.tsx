import { Camera as CameraIcon } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { Button } from "@/components/button";
import { Muted } from "@/components/card";
import { Problem } from "@/components/feedback";
import { useT } from "@/lib/intl";
import { loadDecoder } from "./decoder";
import styles from "./scan.module.css";

const LOOK_EVERY_MS = 180;

/** The phone's camera, reading until it finds a code. */
export function Camera({ onCode }: { onCode: (code: string) => void }) {
  const t = useT();
  const [on, setOn] = useState(false);
  const [problem, setProblem] = useState<"denied" | "none">();
  if (!on) {
    return (
      <>
        <Button
          variant="primary"
          className={styles.big ?? ""}
          icon={<CameraIcon size={20} aria-hidden />}
          onClick={() => {
            setProblem(undefined);
            setOn(true);
          }}
        >
          {t("scan.camera.start")}
        </Button>
        {problem && <Problem>{t(`scan.camera.${problem}`)}</Problem>}
      </>
    );
  }
  return (
    <Finder
      onCode={(code) => {
        setOn(false);
        onCode(code);
      }}
      onStop={(reason) => {
        setOn(false);
        setProblem(reason);
      }}
    />
  );
}

interface FinderProps {
  onCode: (code: string) => void;
  onStop: (problem?: "denied" | "none") => void;
}

function Finder({ onCode, onStop }: FinderProps) {
  const t = useT();
  const picture = useRef<HTMLVideoElement>(null);
  const latest = useRef({ onCode, onStop });
  latest.current = { onCode, onStop };
  useEffect(() => {
    let over = false;
    let stream: MediaStream | undefined;
    const look = async () => {
      if (!navigator.mediaDevices) {
        latest.current.onStop("none");
        return;
      }
      try {
        // Left to themselves browsers give 640 × 480, in which a code on a whole sheet is a few dots.
        const video = { facingMode: "environment", width: { ideal: 1280 }, height: { ideal: 720 } };
        stream = await navigator.mediaDevices.getUserMedia({ video });
        const decode = await loadDecoder();
        const screen = picture.current;
        if (!screen || over) {
          return;
        }
        screen.srcObject = stream;
        await screen.play();
        while (!over) {
          const code = await decode(screen);
          if (code !== undefined && code !== "" && !over) {
            navigator.vibrate?.(60);
            latest.current.onCode(code);
            return;
          }
          await new Promise((resolve) => window.setTimeout(resolve, LOOK_EVERY_MS));
        }
      } catch {
        // No camera, no permission, or the reader could not be loaded: typing always works.
        if (!over) {
          latest.current.onStop("denied");
        }
      } finally {
        if (over) {
          stop();
        }
      }
    };
    const stop = () => {
      for (const track of stream?.getTracks() ?? []) {
        track.stop();
      }
    };
    void look();
    return () => {
      over = true;
      stop();
    };
  }, []);
  return (
    <div className={styles.finder}>
      <video ref={picture} playsInline muted className={styles.video} />
      <Muted>{t("scan.camera.aim")}</Muted>
      <Button onClick={() => onStop()}>{t("scan.camera.stop")}</Button>
    </div>
  );
}
