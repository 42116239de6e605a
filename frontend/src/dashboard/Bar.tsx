import { Group, Text, Tooltip } from '@mantine/core'
import type { ReactNode } from 'react'
import { Link } from 'react-router'
import classes from './Dashboard.module.css'

type Props = {
  to: string
  name: ReactNode
  value: ReactNode
  /** How long it is, from 0 to 1. */
  part: number
  /** What pointing at it tells. */
  hint: string
  color?: string
}

/** A line of a horizontal bar chart: it can be pointed at, reached by keyboard, and followed. */
export function Bar({ to, name, value, part, hint, color }: Props) {
  return (
    <li>
      <Tooltip label={hint} position="top-end" openDelay={100} events={{ hover: true, focus: true, touch: true }}>
        <Link to={to} className={classes.bar}>
          <Group justify="space-between" wrap="nowrap" gap="sm">
            <Text size="sm" component="div" truncate>
              {name}
            </Text>
            <Text size="sm" fw={600} component="div" className="num">
              {value}
            </Text>
          </Group>
          <div className={classes.track}>
            <div
              className={classes.fill}
              style={{ width: `${(100 * part).toFixed(1)}%`, ...(color && { '--fill': color }) }}
            />
          </div>
        </Link>
      </Tooltip>
    </li>
  )
}
