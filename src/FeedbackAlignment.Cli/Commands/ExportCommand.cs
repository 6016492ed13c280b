using System.CommandLine;
using FeedbackAlignment.Cli.Display;
using FeedbackAlignment.Exchange;
using FeedbackAlignment.Experiments;
using FeedbackAlignment.Experiments.Exchange;
using FeedbackAlignment.Experiments.Records;

namespace FeedbackAlignment.Cli.Commands;

/// <summary><c>fa export</c>: a finished run in a format that others read.</summary>
internal static class ExportCommand
{
    private const string Safetensors = "safetensors", Onnx = "onnx", TensorBoard = "tensorboard";
    private const string NetworkNames = "network", PyTorchNames = "pytorch";
    private static readonly string[] _formats = [Safetensors, Onnx, TensorBoard], _names = [NetworkNames, PyTorchNames];

    public static Command Create(Terminal terminal)
    {
        var run = new Argument<string>("run")
        {
            Description = "The folder of a run (runs/…/runs/RULE-SEED) or of an experiment. docs/exchange.md describes the files.",
            HelpName = "RUN",
        };
        var format = new Option<string>("--format")
        {
            Description = "safetensors: weights, feedback weights and optimizer state, for PyTorch and NumPy. onnx: the network, for "
                + "inference. tensorboard: the metrics.",
            HelpName = "id",
            Required = true,
        };
        var target = new Option<string?>("--out")
        {
            Description = "The file to write; for tensorboard a folder. An existing file is replaced. [default: in the run folder]",
            HelpName = "file",
        };
        var names = new Option<string?>("--names")
        {
            Description = "What safetensors call the tensors. network: hidden1.weights, as in weights.npz. pytorch: 0.weight, for "
                + $"load_state_dict of a torch.nn.Sequential. [default: {NetworkNames}]",
            HelpName = "id",
        };
        var command = new TaughtCommand(
            "export",
            "Writes a finished run for other programs: its weights as safetensors, its network as ONNX, or its metrics for TensorBoard.",
            "fa export runs/mnist/runs/feedback-alignment-1 --format onnx --out digits.onnx",
            "fa export runs/mnist --format tensorboard");
        command.Arguments.Add(run);
        command.Options.Add(format);
        command.Options.Add(names);
        command.Options.Add(target);
        command.SetAction(parsed => Run(
            terminal, parsed.GetRequiredValue(run), parsed.GetRequiredValue(format), parsed.GetValue(names), parsed.GetValue(target)));
        return command;
    }

    private static int Run(Terminal terminal, string path, string format, string? names, string? target)
    {
        if (!_formats.Contains(format))
        {
            throw new BadInputException($"--format: must be one of {string.Join(", ", _formats)}; was \"{format}\"{DidYouMean.Hint(format, _formats)}");
        }

        if (names is not null && (format != Safetensors || !_names.Contains(names)))
        {
            throw new BadInputException(
                format != Safetensors ? $"--names: only --format {Safetensors} has names to choose; leave it out"
                    : $"--names: must be one of {string.Join(", ", _names)}; was \"{names}\"{DidYouMean.Hint(names, _names)}");
        }

        if (format == TensorBoard)
        {
            foreach (var folder in RunSearch.All(path))
            {
                Events(terminal, folder, target);
            }

            return ExitCode.Done;
        }

        var found = RunSearch.One(path);
        var run = FinishedRun.Open(found, terminal.Components, terminal.Notice);
        if (format == Onnx && run.Network.Dynamics is not null)
        {
            throw new BadInputException($"{found}: ONNX cannot describe a spiking network; --format {Safetensors} has its weights");
        }

        if (!run.HasFiniteWeights)
        {
            throw new BadInputException(
                $"{found}: the weights are not finite because the run diverged ({run.Record.Reason}); --format {TensorBoard} has "
                + "its metrics");
        }

        Tell(terminal, run, target is null ? OutputFile.WriteInside(found, $"model.{format}", Content) : OutputFile.Write(target, Content));
        return ExitCode.Done;

        void Content(Stream stream)
        {
            if (format == Onnx)
            {
                try
                {
                    OnnxModel.Write(run.ToModel(), stream);
                }
                catch (NotSupportedException cannot)
                {
                    throw new BadInputException($"{found}: {cannot.Message}; --format {Safetensors} has its weights");
                }
            }
            else
            {
                var file = RunExport.ToSafetensors(run);
                (names == PyTorchNames ? file.WithPyTorchNames(run.Network) : file).Write(stream);
            }
        }
    }

    /// <summary>TensorBoard takes a folder for a run, and in it every file with <c>tfevents</c> in its name.</summary>
    private static void Events(Terminal terminal, string folder, string? target)
    {
        var run = FinishedRun.Open(folder, terminal.Components, terminal.Notice);
        var name = $"events.out.tfevents.{run.Environment.Started.ToUnixTimeSeconds()}.fa";
        Tell(terminal, run, OutputFile.WriteInside(
            target ?? folder, target is null ? name : $"{run.Record.Rule}-{run.Record.Seed}/{name}",
                stream => RunExport.WriteEvents(run, stream)));
    }

    private static void Tell(Terminal terminal, FinishedRun run, string file)
    {
        terminal.Output.WritePlain($"written  {file}");
        if (!run.Record.Status.IsEnd())
        {
            terminal.Output.WritePlain($"note     this run was not completed: {run.Record.Status.InWords()} after {run.Record.Examples} examples, {run.Record.Reason}");
        }
    }
}
