using System.Globalization;
using System.Text;

namespace FeedbackAlignment.Numerics;

/// <summary>
/// Collects the settings that make something what it is, owner by owner, as lines <c>optimizer.momentum = 0.9</c>. Names and ids stand in
/// files: a class that is renamed must not change them. Numbers are written such that they come back to the same bits.
/// </summary>
internal sealed class Identity
{
    /// <summary>The last part of the name of a setting that says which other settings its section has.</summary>
    public const string Kind = "kind";

    /// <summary>What stands between name and value.</summary>
    public const string Is = " = ";

    private const string None = "none";

    private readonly StringBuilder _lines;
    private readonly string _section;

    public Identity()
        : this(new StringBuilder(), "")
    {
    }

    private Identity(StringBuilder lines, string section) => (_lines, _section) = (lines, section);

    /// <summary>The same lines, for names that begin with a section's.</summary>
    public Identity In(string section) => new(_lines, $"{_section}{section}.");

    public void Add(string name, string value) => _lines.Append(_section).Append(name).Append(Is).Append(value).Append('\n');

    public void Add(string name, bool value) => Add(name, value ? "yes" : "no");

    public void Add(string name, long value) => Add(name, (long?)value);

    public void Add(string name, long? value) => Add(name, value?.ToString(CultureInfo.InvariantCulture) ?? None);

    public void Add(string name, ulong value) => Add(name, value.ToString(CultureInfo.InvariantCulture));

    public void Add(string name, float value) => Add(name, value.ToString("R", CultureInfo.InvariantCulture));

    public void Add(string name, double? value) => Add(name, value?.ToString("R", CultureInfo.InvariantCulture) ?? None);

    /// <summary>Adds names, joined.</summary>
    public void Add(string name, IEnumerable<string> names) => Add(name, string.Join(", ", names.DefaultIfEmpty(None)));

    /// <summary>All lines.</summary>
    public override string ToString() => _lines.ToString();
}
