using System.CommandLine;
using FeedbackAlignment.Cli.Display;
using FeedbackAlignment.Experiments.Exchange;
using FeedbackAlignment.Experiments.Specs;
using FeedbackAlignment.Networks;

namespace FeedbackAlignment.Cli.Commands;

/// <summary><c>fa import</c>: a network that somebody else has trained.</summary>
internal static class ImportCommand
{
    public static Command Create(Terminal terminal)
    {
        var file = new Argument<string>("file")
        {
            Description = "A file that fa export has written, or one with the weights and biases of dense layers. Their names are "
                + "0.weight, 2.weight … or fc1.weight, fc2.weight …, or similar (docs/exchange.md). With --network, a state_dict of any "
                + "network that a spec can describe.",
            HelpName = "FILE.safetensors",
        };
        var data = new Option<string?>("--data")
        {
            Description = $"Data for the spec to train on: {string.Join(", ", SpecVocabulary.DataSources)}, or a folder.",
            HelpName = "id|folder",
        };
        var layers = new Option<string?>("--network")
        {
            Description = "The network in the file, as fa train takes it, e.g. resnet-20. [default: what the file says, else dense layers]",
            HelpName = "network",
        };
        var order = new Option<string?>("--order")
        {
            Description = "Names of the layers, from the first to the last, if the file does not number them. [default: by number, or by "
                + "matching shapes]",
            HelpName = "a,b,c",
        };
        var target = new Option<string?>("--out")
        {
            Description = "New folder for the weights and the spec. [default: runs/import-DATE-TIME]",
            HelpName = "folder",
        };
        var (hidden, output) = (ActivationOption.Hidden(terminal.Components), ActivationOption.Output(terminal.Components));
        var command = new TaughtCommand(
            "import",
            "Imports a network from a safetensors file, such as PyTorch writes. Makes a folder with the weights and a spec that starts "
                + "from them, for `fa evaluate` and `fa train`.",
            "fa import model.safetensors --activation tanh --data mnist --out imported",
            "fa import resnet.safetensors --network resnet-20 --data cifar-10",
            "fa evaluate imported",
            "fa train imported/spec.json");
        command.Arguments.Add(file);
        foreach (var option in (Option[])[layers, hidden.Option, output.Option, order, data, target])
        {
            command.Options.Add(option);
        }

        command.SetAction(parsed =>
        {
            var folder = parsed.GetValue(target) ?? DefaultFolder.New(terminal.Clock, "import");
            var source = parsed.GetValue(data) is { } given ? SpecOption.Data(given, terminal.Components).Source : null;
            var network = ModelImport.Run(
                parsed.GetRequiredValue(file),
                hidden.Read(parsed),
                output.Read(parsed),
                source,
                folder,
                terminal.Components,
                parsed.GetValue(order)?.Split(',', StringSplitOptions.TrimEntries),
                parsed.GetValue(layers),
                terminal.Notice);
            terminal.Output.WritePlain($"network  {(network.IsChain ? string.Join(", ", network.Layers) : NetworkPlan.Of(network))}");
            terminal.Output.WritePlain($"weights  {Path.GetFullPath(Path.Combine(folder, StoredModel.WeightsName))}");
            terminal.Output.WritePlain($"spec     {Path.GetFullPath(Path.Combine(folder, "spec.json"))}");
            return ExitCode.Done;
        });
        return command;
    }
}
