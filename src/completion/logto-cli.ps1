# Completion of logto-cli for PowerShell. To have it in every shell:
#   Add-Content $PROFILE 'logto-cli completion powershell | Out-String | iex'
#
# What has been typed goes to logto-cli by a pipe, where no other user sees it, and nothing of it is run.

Register-ArgumentCompleter -Native -CommandName 'logto-cli' -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)

    $words = @()
    $current = ''
    foreach ($element in ($commandAst.CommandElements | Select-Object -Skip 1)) {
        $extent = $element.Extent
        if ($extent.StartOffset -ge $cursorPosition) { break }
        if ($extent.EndOffset -ge $cursorPosition) {
            $current = $extent.Text.Substring(0, $cursorPosition - $extent.StartOffset)
        } elseif ($element -is [System.Management.Automation.Language.StringConstantExpressionAst]) {
            $words += $element.Value
        } else {
            $words += $extent.Text
        }
    }
    # Windows PowerShell would send ASCII.
    $OutputEncoding = New-Object System.Text.UTF8Encoding $false
    $asked = ((@($words) + $current) -join "`0") + "`0"
    $answer = @($asked | logto-cli completion --complete powershell 2>$null)
    if ($answer.Count -lt 2 -or $answer[0] -ne 'values') { return }
    for ($index = 2; $index -lt $answer.Count; $index += 2) {
        $value = $answer[1] + $answer[$index]
        if (-not $value.StartsWith($current, [System.StringComparison]::Ordinal)) { continue }
        $about = $answer[$index + 1]
        if (-not $about) { $about = $value }
        [System.Management.Automation.CompletionResult]::new($value, $answer[$index], 'ParameterValue', $about)
    }
}
