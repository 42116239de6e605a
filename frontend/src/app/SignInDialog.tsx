import { Modal } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { SignInForm } from './SignInForm'

/** Over the screen whose session ended: it can only be answered, and leads back to what was typed below. */
export default function SignInDialog({ username }: { username: string }) {
  const { t } = useTranslation()
  return (
    <Modal
      opened
      size="sm"
      zIndex={300}
      title={t('signIn.title')}
      withCloseButton={false}
      closeOnEscape={false}
      closeOnClickOutside={false}
      onClose={() => undefined}
    >
      <SignInForm known={username} />
    </Modal>
  )
}
