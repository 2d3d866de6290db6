/** Ending a connection with a sentence, for which ssh2 has no way of its own. */
import type { Connection } from "ssh2";

/** What is used of ssh2's inside; the package is pinned. */
interface Inside {
  _protocol: {
    _cipher: { encrypt(packet: Buffer): void };
    _packetRW: {
      write: { allocStart: number; alloc(length: number): Buffer; finalize(packet: Buffer): Buffer };
    };
  };
}

const DISCONNECT = 1;
/** `SSH_DISCONNECT_PROTOCOL_ERROR`: what OpenSSH's server sends with every sentence. */
const PROTOCOL_ERROR = 2;

/** Sends `SSH_MSG_DISCONNECT` with the sentence, which the client prints, and closes. */
export function disconnect(connection: Connection, sentence: string): void {
  const { _protocol: protocol } = connection as unknown as Inside;
  const { write } = protocol._packetRW;
  const text = Buffer.from(sentence);
  const packet = write.alloc(1 + 4 + 4 + text.length + 4);
  let at = packet.writeUInt8(DISCONNECT, write.allocStart);
  at = packet.writeUInt32BE(PROTOCOL_ERROR, at);
  at = packet.writeUInt32BE(text.length, at);
  at += text.copy(packet, at);
  packet.writeUInt32BE(0, at);
  protocol._cipher.encrypt(write.finalize(packet));
  connection.end();
}
