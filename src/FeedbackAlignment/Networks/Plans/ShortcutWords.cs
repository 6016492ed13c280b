using System.Globalization;

namespace FeedbackAlignment.Networks;

/// <summary>A padded shortcut in a plan: <c>pad-shortcut 32 stride 2</c>.</summary>
internal sealed class ShortcutWords : ModuleWords
{
    private const string Stride = "stride";

    /// <inheritdoc/>
    public override string Usage(ModuleEntry entry) => $"{entry.Id} CHANNELS [stride N]";

    /// <inheritdoc/>
    public override string Example(ModuleEntry entry) => $"{entry.Id} 32 stride 2";

    /// <inheritdoc/>
    public override IReadOnlyList<double>? Read(ModuleEntry entry, ReadOnlySpan<string> words, Shape from, out string mistake)
    {
        mistake = $"must be written as {entry.Usage}, e.g. {entry.Example}";
        int stride = 1;
        return words.Length > 0 && TryNumber(words[0], int.MaxValue, out var channels)
            && (words.Length == 1 || (words.Length == 3 && words[1] == Stride && TryNumber(words[2], PlanExtents.Most, out stride)))
            ? [channels, stride] : null;
    }

    /// <inheritdoc/>
    public override IEnumerable<string> Write(PlannedModule module)
    {
        var numbers = module.Arguments.Select(argument => argument.ToString(CultureInfo.InvariantCulture)).ToArray();
        return numbers[1] == "1" ? [numbers[0]] : [numbers[0], Stride, numbers[1]];
    }

    private static bool TryNumber(string word, int most, out int number)
        => int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number > 0 && number <= most;
}
