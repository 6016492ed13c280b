using System.Text;
using FeedbackAlignment.Texts;
using HandlebarsDotNet;

namespace FeedbackAlignment.Reports.Page;

/// <summary>Text from records on a page: printable, line by line, before it is escaped for HTML.</summary>
/// <param name="html">Escapes for HTML.</param>
internal sealed class PageEncoder(ITextEncoder html) : ITextEncoder
{
    /// <inheritdoc/>
    public void Encode(StringBuilder? text, TextWriter target) => Encode(text?.ToString(), target);

    /// <inheritdoc/>
    public void Encode(string? text, TextWriter target) => html.Encode(ForeignText.Lines(text ?? ""), target);

    /// <inheritdoc/>
    public void Encode<T>(T? text, TextWriter target)
        where T : IEnumerator<char>
    {
        var whole = new StringBuilder();
        while (text is not null && text.MoveNext())
        {
            whole.Append(text.Current);
        }

        Encode(whole, target);
    }
}
