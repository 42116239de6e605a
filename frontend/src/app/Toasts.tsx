import '@mantine/notifications/styles.layer.css'
import { Notifications, type NotificationsProps } from '@mantine/notifications'

/** Where short messages appear; shared/toasts.tsx sends them. */
export default function Toasts({ position }: Pick<NotificationsProps, 'position'>) {
  return <Notifications position={position} limit={3} />
}
