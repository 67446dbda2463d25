import { useState } from 'react';
import { useBridge, useMirror } from '@/bridge/session-context';
import type { ServerCheck } from '@/bridge/types';
import { useTask } from '@/components/use-task';
import { AddressForm } from './address-form';
import { Frame } from './frame';
import { ServerFound } from './server-found';

/** The first start: which server. Asks for the address, shows what answers there, and takes it. */
export function ConnectScreen() {
  const bridge = useBridge();
  const checking = useTask();
  const taking = useTask();
  const notice = useMirror((mirror) => mirror.state.notice);
  const [address, setAddress] = useState('');
  const [check, setCheck] = useState<ServerCheck>();
  const usable = check && !check.problem;
  return (
    <Frame>
      {usable ? (
        <ServerFound
          check={check}
          busy={taking.busy}
          failure={taking.failure}
          // oxlint-disable-next-line react/hooks -- a call of the bridge, named after Face.UseServer; no hook
          onUse={() => void taking.run(() => bridge.useServer(check.address, check.fingerprint))}
          onBack={() => setCheck(undefined)}
        />
      ) : (
        <AddressForm
          address={address}
          busy={checking.busy}
          failure={check?.problem ?? checking.failure}
          notice={notice}
          onChange={setAddress}
          onSubmit={() => void checking.run(async () => setCheck(await bridge.checkServer(address)))}
        />
      )}
    </Frame>
  );
}
