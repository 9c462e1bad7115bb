import { Component, type ComponentType, createElement, lazy, type ReactNode, useState } from "react";
import { ChunkMissing } from "@/lib/chunk";
import { useT } from "@/lib/intl";
import { loadAnew } from "@/lib/leaving";
import { Button } from "./button";
import { Dialog } from "./dialog";
import { Problem } from "./feedback";
import styles from "./part.module.css";

/**
 * A component out of a chunk. Suspends until the chunk is there; where it cannot be had, says so in its
 * place and asks for it again: at the press of a button, and by itself when the connection is back.
 */
export function part<Module, Props extends object>(
  load: () => Promise<Module>,
  pick: (module: Module) => ComponentType<Props>,
  Missing: ComponentType<MissingProps & Props> = MissingHere,
): ComponentType<Props> {
  const attempt = () => lazy(async () => ({ default: pick(await load()) }));
  let current = attempt();

  return function Part(props: Props) {
    const [{ shown, attempts }, show] = useState(() => ({ shown: current, attempts: 1 }));
    // A lazy component remembers its failure for ever: whoever shows this part next takes another one.
    const renew = () => {
      current = current === shown ? attempt() : current;
    };
    return (
      <Boundary
        key={attempts}
        onRetry={() => {
          renew();
          show({ shown: current, attempts: attempts + 1 });
        }}
        onLeave={renew}
        missing={(missing) => <Missing {...props} {...missing} />}
      >
        {createElement(shown as unknown as ComponentType<Props>, props)}
      </Boundary>
    );
  };
}

export interface MissingProps {
  /** The part belongs to a version that is gone: asking again would be in vain. */
  replaced: boolean;
  onRetry: () => void;
}

interface BoundaryProps {
  onRetry: () => void;
  /** It goes without having had the part. */
  onLeave: () => void;
  missing: (props: MissingProps) => ReactNode;
  children: ReactNode;
}

/** Catches what could not be fetched, and nothing else. */
class Boundary extends Component<BoundaryProps, { error?: unknown }> {
  override state: { error?: unknown } = {};

  static getDerivedStateFromError(error: unknown) {
    return { error };
  }

  override componentDidMount() {
    window.addEventListener("online", this.retry);
  }

  override componentWillUnmount() {
    window.removeEventListener("online", this.retry);
    if (this.state.error !== undefined) {
      this.props.onLeave();
    }
  }

  retry = () => {
    if (this.state.error !== undefined) {
      this.props.onRetry();
    }
  };

  override render() {
    const { error } = this.state;
    if (error === undefined) {
      return this.props.children;
    }
    if (!(error instanceof ChunkMissing)) {
      throw error;
    }
    return this.props.missing({ replaced: error.replaced, onRetry: this.retry });
  }
}

/** In the place of the part. */
function MissingHere({ replaced, onRetry }: MissingProps) {
  const t = useT();
  return (
    <div className={styles.missing}>
      <Problem>{t(replaced ? "chunk.replaced" : "chunk.missing")}</Problem>
      <Button onClick={replaced ? loadAnew : onRetry}>
        {t(replaced ? "bar.version.load" : "common.retry")}
      </Button>
    </div>
  );
}

/** In the place of a dialog. */
export function MissingDialog({ onClose, ...missing }: MissingProps & { onClose: () => void }) {
  const t = useT();
  return (
    <Dialog title={t("chunk.title")} onClose={onClose}>
      <MissingHere {...missing} />
    </Dialog>
  );
}
