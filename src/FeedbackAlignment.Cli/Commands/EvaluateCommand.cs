using System.CommandLine;
using FeedbackAlignment.Cli.Display;
using FeedbackAlignment.Data;
using FeedbackAlignment.Experiments.Data;
using FeedbackAlignment.Experiments.Exchange;
using FeedbackAlignment.Experiments.Predictions;
using FeedbackAlignment.Experiments.Records;
using FeedbackAlignment.Experiments.Specs;
using FeedbackAlignment.Networks;

namespace FeedbackAlignment.Cli.Commands;

/// <summary><c>fa evaluate</c>: a network on data.</summary>
internal static class EvaluateCommand
{
    public static Command Create(Terminal terminal)
    {
        var model = new Argument<string>("model")
        {
            Description = "A run folder, a folder made by `fa import`, or a safetensors file.",
            HelpName = "MODEL",
        };
        var data = new Option<string?>("--data")
        {
            Description = "Your own CSV file or folder, read in the same way as the training data; or a name from `fa data list`. "
                + "[default: the data of the training]",
            HelpName = "id|path",
        };
        var (hidden, output) = (ActivationOption.Hidden(terminal.Components), ActivationOption.Output(terminal.Components));
        var command = new TaughtCommand(
            "evaluate",
            "Evaluates a trained network on examples with known answers. Shows its error, the error of a baseline that ignores the "
                + "inputs, and the results for each class or output.",
            "fa evaluate runs/mnist/runs/feedback-alignment-1",
            "fa evaluate runs/mnist/runs/feedback-alignment-1 --data fashion-mnist",
            "fa evaluate model.safetensors --activation relu --data ./my-data");
        command.Arguments.Add(model);
        foreach (var option in (Option[])
            [data, DataFolderOption.New(), ArithmeticOption.New(ArithmeticOption.OfARun), hidden.Option, output.Option])
        {
            command.Options.Add(option);
        }

        command.SetAction(parsed =>
        {
            var path = parsed.GetRequiredValue(model);
            ArithmeticOption.LikeRun(parsed, path);
            var stored = StoredModel.Open(path, terminal.Components, hidden.Read(parsed), output.Read(parsed), terminal.Notice);
            var folder = terminal.DataFolder(DataFolderOption.Of(parsed));
            if (parsed.GetValue(data) is { } other)
            {
                OnOthers(terminal, stored, path, SpecOption.Data(other, terminal.Components), folder);
            }
            else
            {
                OnItsOwn(terminal, stored, path, folder);
            }

            return ExitCode.Done;
        });
        return command;
    }

    /// <summary>On the data that the network was trained on: test and validation examples.</summary>
    private static void OnItsOwn(Terminal terminal, StoredModel stored, string path, string folder)
    {
        var spec = stored.Data ?? throw new BadInputException($"{path} does not say what data it is for; name them with --data");
        ForeignPaths.Tell(terminal, path, spec);
        var loaded = new DataSources(folder, Environment.ProcessorCount).Load(spec, stored.Format);
        RequireFit(stored.Network, loaded.Record, path);
        Head(terminal, stored, loaded.Record.Description);
        Show(terminal, stored, loaded, loaded.Record.Schema);
    }

    /// <summary>On other data: read against the schema of the network's own, where it has one.</summary>
    private static void OnOthers(Terminal terminal, StoredModel stored, string path, DataSpec other, string folder)
    {
        var isKnown = SpecVocabulary.DataSources.Contains(other.Source);
        if (stored.Schema is { } schema && !isKnown)
        {
            var examples = NewExamples.Read(other.Source, schema);
            Head(terminal, stored,
                $"{examples.Description}, read in the same way as the training data; columns and classes are matched by name");
            foreach (var remark in examples.Remarks)
            {
                terminal.Output.WritePlain($"read        {remark}");
            }

            Show(terminal, stored, examples.Name, examples.Examples, schema, train: null);
            return;
        }

        if (stored.Schema is { IsTable: true })
        {
            throw new BadInputException(
                $"--data: the network was trained on a table, but {other.Source} is not a table; name a CSV file or a folder with one");
        }

        // Of these networks nobody knows the names of the classes.
        var loaded = new DataSources(folder, Environment.ProcessorCount).Load(other);
        RequireFit(stored.Network, loaded.Record, path);
        Head(terminal, stored, loaded.Record.Description);
        DataRemarks.WriteTo(terminal.Output, loaded);
        terminal.Output.WritePlain(
            "note        the network does not say how its training data were read: inputs are scaled as in these data, and classes are "
            + "matched by their order");
        Show(terminal, stored, loaded, loaded.Record.Schema);
    }

    private static void Head(Terminal terminal, StoredModel stored, string data)
    {
        terminal.Output.WritePlain($"network     {string.Join(", ", stored.Network.Root.Children)}");
        terminal.Output.WritePlain($"data        {data}");
    }

    private static void RequireFit(Network network, DataRecord data, string path)
    {
        if ((network.Inputs, network.Outputs) != (data.Inputs, data.Outputs))
        {
            throw new BadInputException(
                $"{path}: the network has {network.Inputs} inputs and {network.Outputs} outputs, but the data ({data.Description}) have "
                + $"{data.Inputs} and {data.Outputs}; name other data with --data");
        }
    }

    private static void Show(Terminal terminal, StoredModel stored, LoadedData data, DataSchema? schema)
    {
        Show(terminal, stored, "test", data.Split.Test, schema, data.Split.Train);
        Show(terminal, stored, "validation", data.Split.Validation, schema, data.Split.Train);
    }

    private static void Show(Terminal terminal, StoredModel stored, string name, DataSet examples, DataSchema? schema, DataSet? train)
    {
        var loss = stored.LossFor(examples.Labels is not null);
        TrialSheet.Write(terminal.Output, name, examples.Count, Trial.Of(stored.Network, loss, examples, schema, train), schema?.Classes, schema?.TargetNames ?? [], $"{loss}");
    }
}
