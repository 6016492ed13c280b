using FeedbackAlignment.Cli;
using Spectre.Console;

namespace FeedbackAlignment.Fuzzing.Folders;

/// <summary>The command <c>fa</c> in this process.</summary>
internal static class InProcess
{
    public static CommandEnd Run(IReadOnlyList<string> args, CancellationToken cancellation)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var terminal = new Terminal
        {
            Output = Console(output),
            Side = Console(error),
            PlainOutput = output,
            Error = error,
            Input = () => Stream.Null,
            Variable = _ => null,
        };
        var code = new FaCommand(terminal).Run([.. args], cancellation);
        return new CommandEnd(code, output.ToString(), error.ToString());
    }

    private static IAnsiConsole Console(StringWriter writer) => AnsiConsole.Create(new AnsiConsoleSettings
    {
        Ansi = AnsiSupport.No,
        ColorSystem = ColorSystemSupport.NoColors,
        Interactive = InteractionSupport.No,
        Out = new AnsiConsoleOutput(writer),
    });
}
