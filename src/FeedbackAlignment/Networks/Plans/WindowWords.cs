using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Networks;

/// <summary>The windows of a pooling in a plan: <c>max-pool 3 stride 2 padding 1</c>.</summary>
internal sealed class WindowWords : ModuleWords
{
    private const string Stride = "stride", Padding = "padding";

    /// <summary>What the windows are, number by number.</summary>
    public static IReadOnlyList<ModuleArgument> Arguments { get; } =
    [
        Of("sizeHeight", "Rows of a window.", 2, 1), Of("sizeWidth", "Columns of a window.", 2, 1),
        Of("strideHeight", "Rows from one window to the next.", 2, 1), Of("strideWidth", "Columns from one window to the next.", 2, 1),
        Of("paddingHeight", "Rows beyond the picture, above and below.", 0, 0),
        Of("paddingWidth", "Columns beyond the picture, left and right.", 0, 0),
    ];

    /// <summary>The windows of a module of a plan.</summary>
    public static PoolOptions Options(PlannedModule module)
    {
        return new() { Size = At(0), Stride = At(2), Padding = At(4) };

        Extent At(int first) => new((int)module.Argument(Arguments[first]), (int)module.Argument(Arguments[first + 1]));
    }

    /// <summary>The numbers of windows.</summary>
    public static IReadOnlyList<double> Values(PoolOptions options) =>
    [
        options.Size.Height, options.Size.Width, options.Step.Height, options.Step.Width, options.Padding.Height, options.Padding.Width,
    ];

    /// <inheritdoc/>
    public override string Usage(ModuleEntry entry) => $"{entry.Id} SIZE [stride N] [padding N]";

    /// <inheritdoc/>
    public override string Example(ModuleEntry entry) => $"{entry.Id} 2";

    /// <inheritdoc/>
    public override IReadOnlyList<double>? Read(ModuleEntry entry, ReadOnlySpan<string> words, Shape from, out string mistake)
    {
        mistake = $"must be written as {entry.Usage}, e.g. {entry.Example}";
        if (words.Length == 0)
        {
            return null;
        }

        if (!PlanExtents.TryRead(words[0], from, 1, out var size))
        {
            mistake = PlanExtents.Mistake("size", 1);
            return null;
        }

        words = words[1..];
        if (!PlanExtents.TryTake(ref words, [Stride, Padding], out var values, out var wrong) || words.Length > 0)
        {
            mistake = wrong ?? mistake;
            return null;
        }

        var (stride, padding) = (size, default(Extent));
        foreach (var (word, text) in values)
        {
            var least = word == Stride ? 1 : 0;
            if (!PlanExtents.TryRead(text, from, least, out var read))
            {
                mistake = PlanExtents.Mistake(word, least);
                return null;
            }

            (stride, padding) = word == Stride ? (read, padding) : (stride, read);
        }

        return Values(new() { Size = size, Stride = stride, Padding = padding });
    }

    /// <inheritdoc/>
    public override IEnumerable<string> Write(PlannedModule module)
    {
        var (options, from) = (Options(module), module.From);
        string[] stride = options.Step == options.Size ? [] : [Stride, PlanExtents.Write(options.Step, from, 1)];
        string[] padding = options.Padding == default ? [] : [Padding, PlanExtents.Write(options.Padding, from, 0)];
        return [PlanExtents.Write(options.Size, from, 1), .. stride, .. padding];
    }

    private static ModuleArgument Of(string id, string summary, double standard, double least)
        => new(id, standard, summary) { AtLeast = least, AtMost = PlanExtents.Most };
}
