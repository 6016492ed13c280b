using OxyPlot;

namespace FeedbackAlignment.Reports.Charts;

/// <summary>
/// Measures text for a font that is not known before the page is seen: as wide as the widest usual ones, so that labels never run
/// into each other.
/// </summary>
internal sealed class RoomyText() : PdfRenderContext(1, 1, OxyColors.Transparent)
{
    private const double LetterWidth = 0.56;
    private const double LineHeight = 1.2;

    /// <summary>Width of a text in units of the drawing.</summary>
    public static double Width(string text, double fontSize) => LetterWidth * fontSize * text.Length;

    /// <summary>How many letters have room.</summary>
    public static int Letters(double width, double fontSize) => (int)(width / (LetterWidth * fontSize));

    public override OxySize MeasureText(string text, string fontFamily, double fontSize, double fontWeight) =>
        string.IsNullOrEmpty(text) ? OxySize.Empty : new OxySize(Width(text, fontSize), LineHeight * fontSize);
}
