# Completion of logto-cli for fish. To have it in every shell:
#   echo 'logto-cli completion fish | source' >> ~/.config/fish/config.fish
#
# What has been typed goes to logto-cli by a pipe, where no other user sees it, and nothing of it is run.

function __logto_cli_complete
    set -l words (commandline -opc)
    set -l current (commandline -ct)
    set -e words[1]
    set -l answer (printf '%s\0' $words "$current" | command logto-cli completion --complete fish 2>/dev/null)
    set -q answer[1]; or return
    set -l prefix "$answer[2]"
    switch $answer[1]
        case values
            set -e answer[1..2]
            while set -q answer[1]
                printf '%s%s\t%s\n' "$prefix" $answer[1] "$answer[2]"
                set -e answer[1..2]
            end
        case files
            set -l typed (string sub -s (math (string length -- "$prefix") + 1) -- "$current")
            for path in (__fish_complete_path "$typed")
                printf '%s%s\n' "$prefix" $path
            end
        case 'program*'
            set -l first (math (string replace 'program ' '' -- $answer[1]) + 1)
            set -l others
            test $first -le (count $words); and set others (string escape -- $words[$first..-1])
            complete -C "$(string join -- ' ' $others $current)"
    end
end

complete -c logto-cli -f -a '(__logto_cli_complete)'
