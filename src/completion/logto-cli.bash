# Completion of logto-cli for Bash. To have it in every shell:
#   echo 'eval "$(logto-cli completion bash)"' >> ~/.bashrc
#
# What has been typed goes to logto-cli by a pipe, where no other user sees it, and nothing of it is run.

_logto_cli() {
  local before=${COMP_LINE:0:COMP_POINT} index rest word kind='' line
  local -a words=() places=()
  COMPREPLY=()
  # Behind > and < is a file, whatever the command.
  if ((COMP_CWORD > 0)) && [[ ${COMP_WORDS[COMP_CWORD - 1]} =~ ^[0-9\&]*[\<\>]+[\|\&]?$ ]]; then
    compopt -o default
    return
  fi
  # Bash makes several words of --flag=value. What stands together in the line is one.
  for ((index = 0; index <= COMP_CWORD; index++)); do
    rest=${before#"${before%%[![:space:]]*}"}
    word=${COMP_WORDS[index]}
    if ((index == COMP_CWORD)); then word=$rest; fi
    if [[ ${#words[@]} -eq 0 || $rest != "$before" ]]; then
      words+=("$word")
      places+=("$index")
    else
      words[${#words[@]} - 1]+=$word
    fi
    before=${rest:${#word}}
  done
  while IFS= read -r line; do
    if [[ -z $kind ]]; then kind=$line; else COMPREPLY+=("$line"); fi
  done < <(printf '%s\0' "$2" "${words[@]:1}" | command logto-cli completion --complete bash 2>/dev/null)
  case $kind in
    open)
      compopt -o nospace
      ;;
    files)
      compopt -o default
      ;;
    program*)
      index=$((${kind#program } + 1))
      if declare -F _command_offset >/dev/null; then
        _command_offset "${places[index]}"
      elif ((index == ${#words[@]} - 1)); then
        while IFS= read -r line; do COMPREPLY+=("$line"); done < <(compgen -c -- "$2")
      else
        compopt -o default
      fi
      ;;
  esac
}

# Bash before 4.0, which macOS has, lacks what this needs (compopt).
if ((BASH_VERSINFO[0] >= 4)); then complete -F _logto_cli logto-cli; fi
