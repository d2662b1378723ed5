import { Anchor, type AnchorProps, Button, type ButtonProps } from '@mantine/core'
import { createLink } from '@tanstack/react-router'
import type { ComponentPropsWithRef } from 'react'

type LinkTagProps = Omit<ComponentPropsWithRef<'a'>, keyof ButtonProps>

function ButtonTag(props: ButtonProps & LinkTagProps) {
  return <Button component="a" {...props} />
}

function AnchorTag(props: AnchorProps & Omit<ComponentPropsWithRef<'a'>, keyof AnchorProps>) {
  return <Anchor underline="always" {...props} />
}

/** A router link that looks like a button. */
export const ButtonLink = createLink(ButtonTag)

/** A router link inside text. */
export const TextLink = createLink(AnchorTag)
