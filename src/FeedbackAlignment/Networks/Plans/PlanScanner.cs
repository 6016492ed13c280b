using FeedbackAlignment.Texts;

namespace FeedbackAlignment.Networks;

/// <summary>An item of a plan as it is written, before anybody knows what it means.</summary>
/// <param name="Place">Its number; <c>5.2</c> is the second in the parentheses of the fifth.</param>
/// <param name="Words">The words before the parentheses.</param>
/// <param name="Rows">What stands in the parentheses, divided by <c>|</c>; empty without parentheses.</param>
internal sealed record PlanItem(string Place, string[] Words, IReadOnlyList<IReadOnlyList<PlanItem>> Rows)
{
    /// <inheritdoc/>
    public override string ToString() => $"item {Place} {ForeignText.Quoted(string.Join(' ', Words) + (Rows.Count > 0 ? "(…)" : ""))}";
}

/// <summary>Divides the text of a plan into items. It bounds their number and their depth.</summary>
/// <param name="text">The text.</param>
internal sealed class PlanScanner(string text)
{
    /// <summary>The most items of a plan, those in parentheses included.</summary>
    public const int MostItems = 1000;

    /// <summary>The most parentheses in parentheses.</summary>
    public const int MostNesting = 16;

    private const string Marks = ",()|";
    private int _at, _items;

    /// <summary>What is wrong, where <see cref="Scan"/> gives nothing.</summary>
    public string? Mistake { get; private set; }

    /// <summary>The items; null: there is a mistake.</summary>
    public IReadOnlyList<PlanItem>? Scan()
    {
        var row = Row("", 0, 0);
        if (row is null || _at == text.Length)
        {
            return row;
        }

        Fail(text[_at] == '|' ? "\"|\" divides a branch from its shortcut, so it stands only in residual( … | … )"
            : "there is a \")\" without a \"(\"");
        return null;
    }

    private List<PlanItem>? Row(string prefix, int before, int nesting)
    {
        List<PlanItem> row = [];
        do
        {
            if (Item($"{prefix}{before + row.Count + 1}", nesting) is not { } item)
            {
                return null;
            }

            row.Add(item);
        }
        while (Take(','));
        return row;
    }

    private PlanItem? Item(string place, int nesting)
    {
        if (++_items > MostItems)
        {
            Fail($"there are more than {MostItems} items");
            return null;
        }

        var words = Words();
        if (words.Length == 0)
        {
            Fail($"item {place} is empty; a module must stand there, e.g. dense 256 relu");
            return null;
        }

        var item = new PlanItem(place, words, []);
        return Take('(') ? InParentheses(item, nesting + 1) : item;
    }

    private PlanItem? InParentheses(PlanItem item, int nesting)
    {
        List<IReadOnlyList<PlanItem>> rows = [];
        if (nesting > MostNesting)
        {
            Fail($"{item} lies more than {MostNesting} parentheses deep");
            return null;
        }

        do
        {
            if (Row($"{item.Place}.", rows.Sum(row => row.Count), nesting) is not { } row)
            {
                return null;
            }

            rows.Add(row);
        }
        while (Take('|'));
        item = item with { Rows = rows };
        var isClosed = Take(')');
        if (!isClosed || Words().Length > 0 || (_at < text.Length && text[_at] == '('))
        {
            Fail($"{item} must be {(isClosed ? "followed by a comma" : "closed by a \")\"")}");
            return null;
        }

        return item;
    }

    private string[] Words()
    {
        var length = text.AsSpan(_at).IndexOfAny(Marks);
        var words = text.Substring(_at, length < 0 ? text.Length - _at : length);
        _at += words.Length;
        return words.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
    }

    private bool Take(char mark)
    {
        var isThere = _at < text.Length && text[_at] == mark;
        _at += isThere ? 1 : 0;
        return isThere;
    }

    private void Fail(string mistake) => Mistake ??= mistake;
}
