using System.CommandLine;
using FeedbackAlignment.Cli.Display;
using FeedbackAlignment.Experiments.Data;
using FeedbackAlignment.Experiments.Exchange;
using FeedbackAlignment.Experiments.Records;
using FeedbackAlignment.Experiments.Specs;
using FeedbackAlignment.Networks;
using FeedbackAlignment.Reports;
using FeedbackAlignment.Training;

namespace FeedbackAlignment.Cli.Commands;

/// <summary><c>fa evaluate</c>: a network on data.</summary>
internal static class EvaluateCommand
{
    public static Command Create(Terminal terminal)
    {
        var model = new Argument<string>("model") { Description = "A run's folder, a folder that `fa import` has made, or a safetensors file.", HelpName = "MODEL" };
        var data = new Option<string?>("--data") { Description = $"{string.Join(", ", SpecVocabulary.DataSources)}, or a folder with your own data. [default: what the network was trained on]", HelpName = "id|folder" };
        var (hidden, output) = (ActivationOption.Hidden(), ActivationOption.Output());
        var command = new TaughtCommand(
            "evaluate",
            "Says how a trained network does on test and validation examples.",
            "fa evaluate runs/mnist/runs/feedback-alignment-1",
            "fa evaluate runs/mnist/runs/feedback-alignment-1 --data fashion-mnist",
            "fa evaluate model.safetensors --activation relu --data ./my-data");
        command.Arguments.Add(model);
        foreach (var option in (Option[])[data, DataFolderOption.Option, hidden.Option, output.Option])
        {
            command.Options.Add(option);
        }

        command.SetAction(parsed =>
        {
            var path = parsed.GetRequiredValue(model);
            var stored = StoredModel.Open(path, hidden.Read(parsed), output.Read(parsed), terminal.Notice);
            var spec = parsed.GetValue(data) is { } source ? SpecOption.Data(source) : stored.Data ?? throw new BadInputException($"{path} does not say what data it is for; say it with --data");
            var loaded = new DataSources(terminal.DataFolder(parsed.GetValue(DataFolderOption.Option)), Environment.ProcessorCount).Load(spec);
            RequireFit(stored.Network, loaded.Record, path);
            Show(terminal, stored, loaded);
            return ExitCode.Done;
        });
        return command;
    }

    private static void RequireFit(Network network, DataRecord data, string path)
    {
        if ((network.Inputs, network.Outputs) != (data.Inputs, data.Outputs))
        {
            throw new BadInputException($"{path}: the network has {network.Inputs} inputs and {network.Outputs} outputs, but the data ({data.Description}) have {data.Inputs} and {data.Outputs}; say with --data what it is for");
        }
    }

    private static void Show(Terminal terminal, StoredModel stored, LoadedData data)
    {
        var loss = stored.LossFor(data.Record);
        terminal.Output.WritePlain($"network     {string.Join(", ", stored.Network.Layers)}");
        terminal.Output.WritePlain($"data        {data.Record.Description}");
        var evaluator = new Evaluator(stored.Network, loss);
        foreach (var (name, examples) in new[] { ("test", data.Split.Test), ("validation", data.Split.Validation) })
        {
            var result = evaluator.Evaluate(examples);
            terminal.Output.WritePlain($"{name,-10}  error {NumberText.Error(result.Error, data.Record.Classification)} of {examples.Count} examples, {loss} {NumberText.Loss(result.Loss)}");
        }
    }
}
