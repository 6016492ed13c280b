using System.CommandLine;
using FeedbackAlignment.Experiments.Data;

namespace FeedbackAlignment.Cli.Commands;

/// <summary>How to run an experiment, apart from what it is.</summary>
/// <param name="Name">Of the command, for the default folder.</param>
/// <param name="DataFolder">Where data files lie; null: where the environment says.</param>
/// <param name="Out">The folder for what it leaves behind; null: a new one under <c>runs/</c>.</param>
/// <param name="Quiet">Whether to show no progress.</param>
/// <param name="Json">Whether to print the results as JSON and nothing else.</param>
internal sealed record ExperimentSettings(string Name, string? DataFolder, string? Out, bool Quiet, bool Json);

/// <summary>The options that go with every command that runs an experiment.</summary>
internal sealed class ExperimentOptions
{
    private readonly Option<string?> _out = new("--out") { Description = "A new folder for what the experiment leaves behind. [default: runs/NAME-DATE-TIME]", HelpName = "folder" };
    private readonly Option<bool> _quiet = new("--quiet") { Description = "Show no progress." };
    private readonly Option<bool> _json = new("--json") { Description = "Print results.json, and nothing else, to standard output." };

    public void AddTo(Command command)
    {
        command.Options.Add(DataFolderOption.Option);
        command.Options.Add(_out);
        command.Options.Add(_quiet);
        command.Options.Add(_json);
    }

    public ExperimentSettings Read(ParseResult parsed, string name)
        => new(name, parsed.GetValue(DataFolderOption.Option), parsed.GetValue(_out), parsed.GetValue(_quiet), parsed.GetValue(_json));
}

/// <summary><c>--data-dir</c>, which several commands have.</summary>
internal static class DataFolderOption
{
    public static Option<string?> Option { get; } = new("--data-dir")
    {
        Description = $"Folder with data files, MNIST in its subfolder `mnist`. [default: ${DataDirectory.Variable}, else ./data]",
        HelpName = "folder",
    };
}
