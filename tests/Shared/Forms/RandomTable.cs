namespace FeedbackAlignment.Testing.Forms;

/// <summary>What the values of a column are.</summary>
internal enum ColumnContent
{
    /// <summary>Whole numbers from 0 to 100.</summary>
    Whole,

    /// <summary>Numbers with decimals, of any size and sign.</summary>
    Decimal,

    /// <summary>One of a few texts.</summary>
    Text,

    /// <summary>True or false.</summary>
    Boolean,
}

/// <summary>A column: its name, and its values in all examples; null: missing.</summary>
internal sealed record TableColumn(string Name, ColumnContent Content, object?[] Values);

/// <summary>The content of a data set: what it says, not how it is written.</summary>
/// <param name="Inputs">The columns of inputs.</param>
/// <param name="Target">The column to be learned.</param>
/// <param name="Classifies">Whether its values are classes.</param>
/// <param name="Train">How many examples, from the first, are for training.</param>
/// <param name="Validation">How many of the next have a validation file of their own; 0: there is none.</param>
/// <param name="Test">How many of the next have a test file; 0: there is none.</param>
internal sealed record RandomTable(IReadOnlyList<TableColumn> Inputs, TableColumn Target, bool Classifies, int Train, int Validation, int Test)
{
    private static readonly string[] _texts = ["red", "green", "deep blue", "a,b", "c;d", "5\" pipe", "x|y", "ß", "1b", "true story"];

    private static readonly string[] _words = ["length", "width", "petal size", "größe", "a", "b", "x", "z", "age (y)", "price,net", "q\"1", "v|w", "k;l", "label2", "ID card"];

    /// <summary>Whether values are missing.</summary>
    public bool HasMissing => Inputs.Any(column => column.Values.Contains(null));

    /// <summary>Whether all values are numbers.</summary>
    public bool IsNumeric => Inputs.Append(Target).All(column => column.Content is ColumnContent.Whole or ColumnContent.Decimal) && !HasMissing;

    /// <summary>Draws a content.</summary>
    public static RandomTable Draw(Random random)
    {
        var (train, validation, test) = (12 + random.Next(30), random.Next(3) == 0 ? 4 + random.Next(5) : 0, random.Next(4) == 0 ? 0 : 4 + random.Next(8));
        var examples = train + validation + test;
        var names = (string[])_words.Clone();
        random.Shuffle(names);
        var numbered = random.Next(8) == 0;
        var missing = random.Next(5) == 0 ? 0.05 : 0;
        var inputs = Enumerable.Range(0, 1 + random.Next(5))
            .Select(place => Column(numbered ? $"{place}" : names[place], (ColumnContent)(random.Next(3) == 0 ? random.Next(4) : random.Next(2)), examples, random, missing)).ToArray();
        var classifies = random.Next(3) > 0;
        var target = classifies
            ? Column(random.Next(2) == 0 ? "label" : "class", random.Next(2) == 0 ? ColumnContent.Text : ColumnContent.Whole, examples, random, 0, 2 + random.Next(3))
            : Column(random.Next(2) == 0 ? "target" : "y", random.Next(4) == 0 ? ColumnContent.Whole : ColumnContent.Decimal, examples, random, 0);
        if (classifies)
        {
            // Each class and category occurs in the training part.
            target.Values[0] = target.Values[1] = target.Values[^1];
        }

        return new RandomTable(inputs, target, classifies, train, validation, test).Known();
    }

    /// <summary>Values of texts that only other files have are taken out: they would be refused.</summary>
    private RandomTable Known()
    {
        foreach (var column in Inputs.Append(Target).Where(column => column.Content == ColumnContent.Text || (column == Target && Classifies)))
        {
            var known = column.Values.Take(Train).OfType<object>().ToHashSet();
            for (var row = Train; row < column.Values.Length; row++)
            {
                column.Values[row] = column.Values[row] is { } value && known.Contains(value) ? value : known.First();
            }
        }

        return this;
    }

    private static TableColumn Column(string name, ColumnContent content, int examples, Random random, double missing, int different = 0)
    {
        var (first, few, scale) = (random.Next(4), different > 0 ? different : 2 + random.Next(3), random.Next(-4, 7));
        return new TableColumn(name, content, [.. Enumerable.Range(0, examples).Select(row => random.NextDouble() < missing ? null : content switch
        {
            ColumnContent.Whole => (object)(double)(different > 0 ? 3 * random.Next(different) : random.Next(101)),
            ColumnContent.Decimal => Math.Round((random.NextDouble() - 0.3) * Math.Pow(10, scale), Math.Max(0, 3 - scale)),
            ColumnContent.Text => _texts[first + random.Next(few)],
            _ => random.Next(2) == 0,
        })]);
    }
}
