using System.Globalization;
using FeedbackAlignment.Data;
using FeedbackAlignment.Experiments.Data;
using FeedbackAlignment.Experiments.Specs;
using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Testing.Forms;

/// <summary>What came of a case.</summary>
internal enum FormsOutcome
{
    /// <summary>Both forms gave the same bits.</summary>
    Same,

    /// <summary>The other form was refused, where it left something open.</summary>
    Refused,
}

/// <summary>
/// Writes a random content in two forms. The plain one, with nothing left open, must be read; the other one must give the same bits, or
/// be refused if it leaves something open. What is read must be read again from the spec that the reading filled in.
/// </summary>
/// <param name="folder">A folder of our own.</param>
internal sealed class FormsCheck(string folder)
{
    private const string Plain = "plain", Other = "other";

    /// <summary>Tries a case.</summary>
    /// <param name="seed">Decides on the contents.</param>
    /// <param name="number">The case.</param>
    /// <returns>What came of it, and what the other form was.</returns>
    /// <exception cref="InvalidOperationException">The forms differ, or a form that leaves nothing open is refused.</exception>
    public (FormsOutcome Outcome, string Form) Try(int seed, int number)
    {
        var random = new Random(HashCode(seed, number));
        var table = RandomTable.Draw(random);
        Write(Plain, table, TableForm.Plain(table.Inputs.Count + 1), TableForm.Plain(table.Inputs.Count + 1));
        var said = new DataSpec
        {
            Seed = (ulong)seed,
            Target = [table.Target.Name],
            Task = table.Classifies ? TaskIds.Classify : TaskIds.Regress,
            Ignore = [],
            Header = true,
            Separator = ",",
            DecimalSeparator = ".",
            Missing = table.HasMissing ? random.Next(2) == 0 ? MissingIds.Drop : MissingIds.Mean : null,
            Scale = random.Next(6) == 0 ? [0, 100] : null,
        };
        if (said.Missing == MissingIds.Mean && table.Inputs.Any(column => column.Content is ColumnContent.Text or ColumnContent.Boolean && column.Values.Contains(null)))
        {
            said = said with { Missing = MissingIds.Drop };
        }

        LoadedData plain;
        try
        {
            plain = Load(Plain, said);
        }
        catch (Exception refusal) when (refusal is DataFormatException or DataSourceException)
        {
            // The content itself is refused (all of one class, nothing left): then so must be every form of it. It is no case.
            return (FormsOutcome.Refused, $"content: {refusal.Message}");
        }

        var (form, spec, isOpen) = table.IsNumeric && random.Next(3) == 0 ? Arrays(table, said, random) : Table(table, said, random);
        LoadedData other;
        try
        {
            other = Load(Other, spec);
        }
        catch (Exception refusal) when (isOpen && refusal is DataFormatException or DataSourceException)
        {
            return (FormsOutcome.Refused, $"{form}: {refusal.Message.Replace(folder, "", StringComparison.Ordinal)}");
        }
        catch (Exception refusal)
        {
            throw new InvalidOperationException($"{form}: refused, though nothing is open: {refusal}");
        }

        Require(Difference(plain, other, byName: other.Record.Schema!.Header), form);
        Require(Difference(other, Load(Other, other.Spec with { Source = other.Spec.Source }), byName: false), $"{form}, read again");
        return (FormsOutcome.Same, form);
    }

    private static void Require(string? difference, string form)
    {
        if (difference is not null)
        {
            throw new InvalidOperationException($"{form}: {difference}");
        }
    }

    private LoadedData Load(string name, DataSpec spec) => new DataSources("nowhere").Load(spec with { Source = Path.Combine(folder, name) });

    private (string Form, DataSpec Spec, bool IsOpen) Table(RandomTable table, DataSpec said, Random random)
    {
        var columns = table.Inputs.Count + 1;
        int[] order = [.. Enumerable.Range(0, columns)];
        if (random.Next(3) == 0)
        {
            // The target first.
            order = [columns - 1, .. order[..^1]];
        }

        var header = random.Next(3) > 0;
        var form = TableForm.Draw(random, columns, header, order);
        int[] otherOrder = [.. order];
        if (header && random.Next(2) == 0)
        {
            random.Shuffle(otherOrder);
        }

        var otherForm = random.Next(2) == 0 ? form with { Order = otherOrder } : TableForm.Draw(random, columns, header && random.Next(6) > 0, order);
        Write(Other, table, form, otherForm);
        var isOpen = random.Next(2) == 0;
        var target = header ? table.Target.Name : $"{Array.IndexOf(order, columns - 1) + 1}";
        var isNamed = header && (table.Target.Name is "label" or "class" or "target");
        var spec = said with
        {
            Target = isOpen && isNamed && random.Next(2) == 0 ? null : [target],
            Task = isOpen && random.Next(2) == 0 ? null : said.Task,
            Header = isOpen && random.Next(2) == 0 ? null : header,
            Separator = isOpen && random.Next(2) == 0 ? null : form.Separator.ToString(),
            DecimalSeparator = isOpen && random.Next(2) == 0 ? null : form.Point.ToString(),
            Ignore = isOpen && random.Next(2) == 0 ? null : [],
        };

        // How the other files are written can never be said.
        return ($"csv {Shown(form)}, other files {Shown(otherForm)}, {(isOpen ? "open" : "said")}", spec, isOpen || (table.Test + table.Validation > 0));
    }

    private (string Form, DataSpec Spec, bool IsOpen) Arrays(RandomTable table, DataSpec said, Random random)
    {
        var isWhole = table.Inputs.All(column => column.Content == ColumnContent.Whole);
        var text = new List<string>();
        foreach (var (part, first, count) in Parts(table))
        {
            var type = isWhole && random.Next(3) > 0 ? Npy.Whole[random.Next(Npy.Whole.Length)] : table.Inputs.All(column => column.Content == ColumnContent.Whole) ? Npy.Real[random.Next(4)] : Npy.Real[2 + random.Next(2)];
            if (part == "train" && type == "|u1" && said.Scale is null)
            {
                type = "<u2";
            }

            var inputs = Enumerable.Range(first, count).Select(row => table.Inputs.Select(column => (double)column.Values[row]!).ToArray()).ToArray();
            var targets = Enumerable.Range(first, count).Select(row => (double[])[(double)table.Target.Values[row]!]).ToArray();
            var targetType = table.Classifies ? random.Next(3) == 0 ? "<f4" : Npy.Whole[random.Next(Npy.Whole.Length)] : Npy.Real[2 + random.Next(2)];
            var (isFortran, isPacked) = (random.Next(2) == 0, random.Next(4) == 0);
            WriteFile(Other, $"{part}-inputs.npy", Npy.Write(type, isFortran, inputs), isPacked);
            WriteFile(Other, $"{part}-{(table.Classifies ? "labels" : "targets")}.npy", Npy.Write(targetType, isFortran, targets, [1]), random.Next(4) == 0);
            text.Add($"{part} {type}{(isFortran ? " column-major" : "")} {targetType}");
        }

        return ($"npy {string.Join(", ", text)}", new DataSpec { Seed = said.Seed, Scale = said.Scale, Task = said.Task }, false);
    }

    private void Write(string name, RandomTable table, TableForm train, TableForm others)
    {
        Clear(name);
        TableColumn[] columns = [.. table.Inputs, table.Target];
        foreach (var (part, first, count) in Parts(table))
        {
            var form = part == "train" ? train : others;
            WriteFile(name, $"{part}.csv{(form.Gzip ? ".gz" : "")}", form.Write(columns, first, count), isPacked: false);
        }
    }

    private void WriteFile(string name, string file, byte[] bytes, bool isPacked)
    {
        if (file.StartsWith("train-inputs", StringComparison.Ordinal))
        {
            Clear(name);
        }

        File.WriteAllBytes(Path.Combine(folder, name, file + (isPacked ? ".gz" : "")), isPacked ? TableForm.Packed(bytes) : bytes);
    }

    private void Clear(string name)
    {
        var path = Path.Combine(folder, name);
        if (Directory.Exists(path))
        {
            Directory.Delete(path, recursive: true);
        }

        Directory.CreateDirectory(path);
    }

    private static IEnumerable<(string Part, int First, int Count)> Parts(RandomTable table)
        => ((string, int, int)[])[("train", 0, table.Train), ("validation", table.Train, table.Validation), ("test", table.Train + table.Validation, table.Test)] is var all ? all.Where(part => part.Item3 > 0) : [];

    private static string? Difference(LoadedData one, LoadedData other, bool byName)
    {
        var (first, second) = (one.Record.Schema!, other.Record.Schema!);
        return !(first.Classes ?? []).SequenceEqual(second.Classes ?? []) ? $"classes {string.Join(' ', first.Classes ?? [])} and {string.Join(' ', second.Classes ?? [])}"
            : byName && !first.InputNames.SequenceEqual(second.InputNames) ? $"inputs {string.Join(' ', first.InputNames)} and {string.Join(' ', second.InputNames)}"
            : Difference("training", one.Split.Train, other.Split.Train) ?? Difference("validation", one.Split.Validation, other.Split.Validation) ?? Difference("test", one.Split.Test, other.Split.Test);
    }

    private static string? Difference(string part, DataSet one, DataSet other)
        => !(one.Labels ?? []).SequenceEqual(other.Labels ?? []) ? $"the labels of {part} examples differ"
            : Difference($"{part} inputs", one.Inputs, other.Inputs) ?? Difference($"{part} targets", one.Targets, other.Targets);

    /// <summary>The first bits that differ; null where none do.</summary>
    public static string? Difference(string what, Matrix one, Matrix other)
    {
        if ((one.Rows, one.Columns) != (other.Rows, other.Columns))
        {
            return $"{what} are {one.Shape} and {other.Shape}";
        }

        for (var row = 0; row < one.Rows; row++)
        {
            for (var column = 0; column < one.Columns; column++)
            {
                if (BitConverter.SingleToInt32Bits(one[row, column]) != BitConverter.SingleToInt32Bits(other[row, column]))
                {
                    return string.Create(CultureInfo.InvariantCulture, $"{what} {row}, {column} are {one[row, column]:R} and {other[row, column]:R}");
                }
            }
        }

        return null;
    }

    private static string Shown(TableForm form)
        => $"'{form.Separator}' '{form.Point}'{(form.QuotesAll ? " quoted" : "")} {(form.Header ? "header" : "no header")} [{string.Join(' ', form.Order)}]{(form.Zeros ? " 1.0" : "")} {form.Encoding.WebName}{(form.Gzip ? " gz" : "")} missing '{form.Missing}'";

    /// <summary>The same on every machine and in every process, unlike <see cref="System.HashCode"/>.</summary>
    private static int HashCode(int seed, int number) => unchecked((seed * 1_000_003) ^ (number * 7919));
}
