using System.CommandLine;
using System.CommandLine.Parsing;
using FeedbackAlignment.Experiments;

namespace FeedbackAlignment.Cli;

/// <summary>What is wrong with the words of a command line: one line for each mistake.</summary>
internal static class CommandLineMistakes
{
    private static readonly string[] _asOptions = ["help", "version"];

    public static IReadOnlyList<string> Of(ParseResult parsed)
    {
        // An option that is not known is taken for an argument where one may follow; "-" alone is a file that is standard input.
        var unknown = parsed.UnmatchedTokens.Concat(parsed.CommandResult.Children.OfType<ArgumentResult>().SelectMany(argument => argument.Tokens.Select(token => token.Value)))
            .Where(token => token.Length > 1 && token[0] == '-').Distinct().ToList();
        return unknown.Count > 0 ? [.. unknown.Select(token => UnknownOption(parsed.CommandResult, token.Split('=')[0]))]
            : parsed.UnmatchedTokens is [var word, ..] ? [UnknownWord(parsed.CommandResult, word)]
            : parsed.Errors.Count > 0 ? [.. parsed.Errors.Select(Mistake).Distinct()]
            : [.. parsed.CommandResult.Children.OfType<ArgumentResult>().Where(IsEmpty)
                .Select(empty => $"{empty.Argument.HelpName} is empty; see `{Name(parsed.CommandResult)} --help`")];
    }

    private static bool IsEmpty(ArgumentResult argument) => argument.Tokens.Any(token => string.IsNullOrWhiteSpace(token.Value));

    private static string UnknownOption(CommandResult command, string word)
    {
        var names = Path(command).SelectMany(level => level.Command.Options.Where(option => level == command || option.Recursive)).Select(option => option.Name);
        return $"there is no option {word}{Hint(command, word, names)}";
    }

    private static string UnknownWord(CommandResult command, string word)
    {
        var names = command.Command.Subcommands.Select(subcommand => subcommand.Name).ToList();
        return names.Count > 0 && _asOptions.Contains(word)
            ? $"there is no command \"{word}\"; write `{Name(command)} --{word}`"
            : names.Count > 0
            ? $"there is no command \"{word}\"{Hint(command, word, names)}"
            : $"unexpected argument \"{word}\"; see `{Name(command)} --help`";
    }

    private static string Hint(CommandResult command, string word, IEnumerable<string> names)
        => DidYouMean.Hint(word, names) is { Length: > 0 } hint ? hint : $"; `{Name(command)} --help` lists them";

    private static string Mistake(ParseError error) => Option(error.SymbolResult) switch
    {
        { Tokens: [] } option => $"{option.Option.Name}: needs a value ({option.Option.HelpName})",
        { IdentifierTokenCount: > 1 } option => $"{option.Option.Name}: given {option.IdentifierTokenCount} times; give it once",
        { Tokens: [var value] } option => $"{option.Option.Name}: {Wanted(option.Option.ValueType)}, was \"{value.Value}\"",
        _ => error.SymbolResult switch
        {
            ArgumentResult { Parent: CommandResult command } missing
                => $"{missing.Argument.HelpName} is missing; see `{Name(command)} --help`",
            CommandResult command => $"{Name(command)}: {error.Message}",
            _ => error.Message,
        },
    };

    private static string Wanted(Type type) => (Nullable.GetUnderlyingType(type) ?? type) switch
    {
        { IsEnum: true } choice => $"must be one of {string.Join(", ", Enum.GetNames(choice).Select(name => name.ToLowerInvariant()))}",
        var number when number == typeof(int) || number == typeof(long) => "must be a whole number",
        _ => "cannot be read",
    };

    private static OptionResult? Option(SymbolResult? symbol) => symbol as OptionResult ?? symbol?.Parent as OptionResult;

    private static string Name(CommandResult command) => string.Join(' ', Path(command).Reverse().Select(level => level.Command.Name));

    private static IEnumerable<CommandResult> Path(CommandResult command)
    {
        for (var level = command; level is not null; level = level.Parent as CommandResult)
        {
            yield return level;
        }
    }
}
