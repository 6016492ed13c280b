using System.CommandLine;
using System.Globalization;
using System.Text;
using FeedbackAlignment.Cli.Display;
using FeedbackAlignment.Data;
using FeedbackAlignment.Experiments.Data;
using FeedbackAlignment.Experiments.Exchange;
using FeedbackAlignment.Experiments.Files;
using FeedbackAlignment.Experiments.Predictions;

namespace FeedbackAlignment.Cli.Commands;

/// <summary><c>fa predict</c>: what a trained network answers to new examples.</summary>
internal static class PredictCommand
{
    /// <summary>Stands for standard input and output.</summary>
    private const string Standard = "-";

    private const int MostTold = 5;

    public static Command Create(Terminal terminal)
    {
        var model = new Argument<string>("model")
        {
            Description = "A run folder, a folder made by `fa import`, or a safetensors file.",
            HelpName = "MODEL",
        };
        var file = new Argument<string>("file")
        {
            Description = "New examples in the format of the training files: CSV (the target may be missing), NPY, IDX, or a PNG or JPEG "
                + "file or a folder of them. - reads CSV from standard input.",
            HelpName = "FILE",
        };
        var target = new Option<string>("--out")
        {
            Description = "The CSV file to write; - writes to standard output.",
            HelpName = "file",
            DefaultValueFactory = _ => Standard,
        };
        var keepGoing = new Option<bool>("--keep-going")
        {
            Description = "Leave the answer empty for rows that cannot be read. [default: refuse the file]",
        };
        var (hidden, output) = (ActivationOption.Hidden(terminal.Components), ActivationOption.Output(terminal.Components));
        var command = new TaughtCommand(
            "predict",
            "Predicts the answers for new examples with a trained network. Writes one row for each row of the file, in the same order: "
                + "the columns that the network does not use, then the answer. "
            + "The answer is a class and the probability of each class, or numbers in the units of the training file.",
            "fa predict runs/iris/runs/feedback-alignment-1 new.csv --out answers.csv",
            "fa predict model.safetensors - < new.csv > answers.csv");
        command.Arguments.Add(model);
        command.Arguments.Add(file);
        foreach (var option in (Option[])[target, keepGoing, ArithmeticOption.New(ArithmeticOption.OfARun), hidden.Option, output.Option])
        {
            command.Options.Add(option);
        }

        command.SetAction(parsed =>
        {
            ArithmeticOption.LikeRun(parsed, parsed.GetRequiredValue(model));
            var stored = StoredModel.Open(parsed.GetRequiredValue(model), terminal.Components, hidden.Read(parsed), output.Read(parsed));
            var question = Read(terminal, stored, parsed.GetRequiredValue(model), parsed.GetRequiredValue(file), parsed.GetValue(keepGoing));
            Write(terminal, stored, question, parsed.GetRequiredValue(target));
            return ExitCode.Done;
        });
        return command;
    }

    private static Question Read(Terminal terminal, StoredModel stored, string model, string file, bool keepsGoing)
    {
        var schema = stored.Schema;
        if (schema is null)
        {
            terminal.Notice(
                $"note: {model} does not say how its inputs were read and scaled; numbers are used unchanged, and outputs are "
                + "matched by position");
        }

        var question = Unpacked(file).EndsWith(".npy", StringComparison.OrdinalIgnoreCase)
            ? OfArray(Open(file, NpyReader.Read).Values, schema, file)
            : Path.GetFileName(file).Contains("idx3-ubyte", StringComparison.Ordinal) ? OfArray(Open(file, IdxReader.ReadImages).Inputs, schema, file)
            : IsImages(file)
                ? Question.OfImages(file,
                    schema ?? throw new BadInputException(
                        $"{model} does not say what images it was trained on, so it cannot be used with image files"))
            : schema is { IsTable: true } ? OfTable(terminal, file, (stream, source) => Question.OfTable(stream, source, schema, keepsGoing))
            : OfTable(terminal, file, (stream, source) => OfPlainTable(stream, source, schema));
        return question.Inputs.Columns == stored.Network.Inputs ? question : throw new BadInputException(
            $"{file}: an example has {question.Inputs.Columns} numbers, but the network takes {stored.Network.Inputs}");
    }

    private static bool IsImages(string file)
        => Directory.Exists(file) || Path.GetExtension(file).ToLowerInvariant() is ".png" or ".jpg" or ".jpeg";

    private static string Unpacked(string file) => file.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? file[..^3] : file;

    /// <summary>A network that was not trained on a table can be asked with one: a column for each input, in their order.</summary>
    private static Question OfPlainTable(Stream stream, string source, DataSchema? schema)
    {
        var table = CsvTable.Read(stream, source);
        return Question.OfNumbers(table.ToMatrix([.. table.Columns.Select(column => column.Name)]), source, schema, "line",
            Lines(table.Rows, table.LineOf));
    }

    private static Question OfArray(Numerics.Matrix inputs, DataSchema? schema, string file)
        => schema is { IsTable: true } ? throw new BadInputException($"{file}: the network was trained on a table; name a CSV file")
            : Question.OfNumbers(inputs, file, schema, "example", Lines(inputs.Rows, row => row));

    private static string[] Lines(int rows, Func<int, int> number) => [.. Enumerable.Range(0, rows).Select(row => number(row).ToString(CultureInfo.InvariantCulture))];

    private static Question OfTable(Terminal terminal, string file, Func<Stream, string, Question> read)
    {
        if (file != Standard)
        {
            return Open(file, read);
        }

        using var stream = terminal.Input();
        return read(stream, "standard input");
    }

    private static T Open<T>(string file, Func<Stream, string, T> read)
    {
        try
        {
            using var stream = InputFile.Open(file);
            return read(stream, file);
        }
        catch (Exception trouble) when (trouble is IOException or UnauthorizedAccessException)
        {
            throw new BadInputException($"{file}: cannot be read ({trouble.Message.TrimEnd('.')})");
        }
    }

    private static void Write(Terminal terminal, StoredModel stored, Question question, string target)
    {
        var loss = stored.LossFor(stored.Schema is { Classification: true });
        foreach (var remark in question.Remarks)
        {
            terminal.Notice($"note: {remark}");
        }

        foreach (var mistake in question.Spoiled.Take(MostTold))
        {
            terminal.Notice($"no answer: {mistake.Message}");
        }

        if (question.Spoiled.Count > 0)
        {
            terminal.Notice($"{question.Spoiled.Count} of {question.Rows} rows could not be read and have no answer");
        }

        if (target == Standard)
        {
            Answers.Write(question, stored.Network, loss, stored.Schema, terminal.PlainOutput);
            return;
        }

        var path = OutputFile.Write(target, stream =>
        {
            using var text = new StreamWriter(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), leaveOpen: true) { NewLine = "\n" };
            Answers.Write(question, stored.Network, loss, stored.Schema, text);
        });
        terminal.Output.WritePlain($"answers  {path}: {question.Read.Count} rows");
    }
}
