#compdef logto-cli
# Completion of logto-cli for zsh. To have it in every shell:
#   echo 'eval "$(logto-cli completion zsh)"' >> ~/.zshrc
# It needs compinit, and begins it where that has not been done: keep that line behind your own compinit.
#
# What has been typed goes to logto-cli by a pipe, where no other user sees it, and nothing of it is run.

_logto-cli() {
  local -a answer whole open
  local value about entry
  answer=("${(@f)$(print -rN -- "${(@)words[2,CURRENT-1]}" "$PREFIX" |
    command logto-cli completion --complete zsh 2>/dev/null)}")
  case $answer[1] in
    values)
      [[ -z $answer[2] ]] || compset -P "${(b)answer[2]}" || return 1
      for value about in "${(@)answer[3,-1]}"; do
        entry=${${value//\\/\\\\}//:/\\:}${about:+:$about}
        # What ends like that goes on in the same word.
        if [[ $value == *[=:] ]]; then open+=("$entry"); else whole+=("$entry"); fi
      done
      _describe -V 'logto-cli' whole -- open -S ''
      ;;
    files)
      [[ -z $answer[2] ]] || compset -P "${(b)answer[2]}" || return 1
      _files
      ;;
    program*)
      local -i skipped=$(( ${answer[1]#program } + 1 ))
      shift $skipped words
      (( CURRENT -= skipped ))
      _normal
      ;;
    *)
      return 1
      ;;
  esac
}

if [[ $funcstack[1] == _logto-cli ]]; then
  _logto-cli "$@"
else
  (( $+functions[compdef] )) || { autoload -Uz compinit && compinit -i }
  compdef _logto-cli logto-cli
fi
