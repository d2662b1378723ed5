/** A message to one recipient, the same content as plain text and as HTML. */
export type Mail = {
  to: string
  subject: string
  text: string
  html: string
  /** The address that the reader is asked to open. It is a secret: anyone who has it can act as the reader. */
  link: string
}

/** A way to send mail. `deliver` rejects if the message was not accepted. */
export type Transport = { deliver(mail: Mail): Promise<void>; close(): void }
