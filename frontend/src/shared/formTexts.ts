import { addTexts } from '../texts/i18n'

const pt = {
  conflict: {
    title: 'Alguém salvou este registro antes de você',
    hint: 'Nada do que você digitou foi gravado ainda, e nada do que a outra pessoa gravou foi perdido. Compare e escolha:',
    elsewhere: 'O registro mudou em outro ponto; os seus valores são os mesmos que estão gravados agora.',
    field: 'Campo',
    theirs: 'Gravado agora',
    mine: 'Na sua tela',
    takeTheirs: 'Descartar o meu',
    keepMine: 'Continuar com o meu',
    yes: 'Sim',
    no: 'Não',
  },
  maybe: {
    title: 'A resposta do servidor não chegou',
    hint: 'O cadastro pode já ter sido gravado. Confira antes de salvar de novo, para que não fique em dobro.',
    looking: 'Procurando “{{name}}”…',
    none: 'Até agora não há nenhum cadastro com “{{name}}”. Se o servidor demora, procure de novo daqui a pouco.',
    found: 'Já há cadastro assim. Se é o que você acabou de enviar, abra-o, em vez de salvar de novo:',
    lookAgain: 'Procurar de novo',
    again: 'Já conferi: salvar de novo',
  },
}

const en: typeof pt = {
  conflict: {
    title: 'Somebody saved this record before you',
    hint: 'Nothing you typed has been written yet, and nothing they wrote was lost. Compare, and choose:',
    elsewhere: 'The record changed elsewhere; your values are those that are stored now.',
    field: 'Field',
    theirs: 'Stored now',
    mine: 'On your screen',
    takeTheirs: 'Discard mine',
    keepMine: 'Go on with mine',
    yes: 'Yes',
    no: 'No',
  },
  maybe: {
    title: 'The answer of the server did not arrive',
    hint: 'This may have been saved already. Check before you save it again, so that there are not two of it.',
    looking: 'Looking for “{{name}}”…',
    none: 'So far there is nothing with “{{name}}”. If the server is slow, look again in a moment.',
    found: 'There is one like this already. If it is what you have just sent, open it instead of saving again:',
    lookAgain: 'Look again',
    again: 'I have checked: save again',
  },
}

/** What forms say of a write that met another one, or got no answer. Loaded with them. */
export const forms = { pt, en }
addTexts('forms', forms)
