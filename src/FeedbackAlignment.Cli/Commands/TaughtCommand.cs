using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using FeedbackAlignment.Experiments.Runs;

namespace FeedbackAlignment.Cli.Commands;

/// <summary>A command whose help ends with examples.</summary>
/// <param name="name">What to type.</param>
/// <param name="description">What it does, in a sentence or two: the list of commands shows it too.</param>
/// <param name="examples">Command lines that work.</param>
internal sealed class TaughtCommand(string name, string description, params string[] examples) : Command(name, description)
{
    public IReadOnlyList<string> Examples { get; } = examples;
}

/// <summary>Help: options and arguments as the parser knows them, then the examples.</summary>
/// <param name="width">Columns there are.</param>
internal sealed class TeachingHelp(int width) : SynchronousCommandLineAction
{
    private const int Widest = 120;

    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        var (configuration, command) = (parseResult.InvocationConfiguration, parseResult.CommandResult.Command);
        var output = configuration.Output;
        using var help = new StringWriter { NewLine = output.NewLine };
        configuration.Output = help;
        new HelpAction { MaxWidth = Math.Min(width, Widest) }.Invoke(parseResult);
        configuration.Output = output;

        // The line on top calls arguments by names that are shown nowhere else.
        output.Write(command.Arguments.Where(argument => argument.HelpName is not null).Aggregate(help.ToString(), (text, argument) => text.Replace($"<{argument.Name}>", $"<{argument.HelpName}>")));
        if (command is TaughtCommand { Examples: { Count: > 0 } examples })
        {
            output.WriteLine("Examples:");
            foreach (var example in examples)
            {
                output.WriteLine($"  {example}");
            }
        }

        return ExitCode.Done;
    }
}

/// <summary><c>fa --version</c>.</summary>
internal sealed class ShowVersion : SynchronousCommandLineAction
{
    public override int Invoke(ParseResult parseResult)
    {
        parseResult.InvocationConfiguration.Output.WriteLine($"fa {ThisMachine.Version}");
        return ExitCode.Done;
    }
}
