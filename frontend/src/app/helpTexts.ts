import { addTexts } from '../texts/i18n'

const pt = {
  title: 'Atalhos do teclado',
  everywhere: 'Em qualquer tela',
  newOrderScreen: 'No pedido novo',
  newOrder: 'Novo pedido',
  search: 'Ir para a busca',
  help: 'Esta ajuda',
  enter: 'Escolher e ir para o próximo campo',
  submit: 'Criar o pedido',
  arrows: 'Percorrer as sugestões',
  escape: 'Fechar sugestões e perguntas',
  docs: 'Documentação da API',
}

const en: typeof pt = {
  title: 'Keyboard shortcuts',
  everywhere: 'On every screen',
  newOrderScreen: 'In a new order',
  newOrder: 'New order',
  search: 'Go to the search',
  help: 'This help',
  enter: 'Choose, and go to the next field',
  submit: 'Place the order',
  arrows: 'Walk through the suggestions',
  escape: 'Close suggestions and questions',
  docs: 'API documentation',
}

/** Loaded with the help: nobody reads it in the first moment. */
export const help = { pt, en }
addTexts('help', help)
