using System.Globalization;

namespace FeedbackAlignment.Networks;

/// <summary>How the arguments of a module stand behind its word in a plan.</summary>
internal abstract class ModuleWords
{
    /// <summary>One number after another; those that are as by default may be left out from the end.</summary>
    public static ModuleWords Numbers { get; } = new NumberWords();

    /// <summary>How it is written, for help.</summary>
    public abstract string Usage(ModuleEntry entry);

    /// <summary>An example of it in a plan.</summary>
    public abstract string Example(ModuleEntry entry);

    /// <summary>A value for each argument; null: there is a mistake.</summary>
    /// <param name="entry">The kind of module.</param>
    /// <param name="words">What stands behind its word.</param>
    /// <param name="from">The shape of its input.</param>
    /// <param name="mistake">What is wrong, where the method gives null.</param>
    public abstract IReadOnlyList<double>? Read(ModuleEntry entry, ReadOnlySpan<string> words, Shape from, out string mistake);

    /// <summary>The words behind its own.</summary>
    public abstract IEnumerable<string> Write(PlannedModule module);

    private sealed class NumberWords : ModuleWords
    {
        private const NumberStyles Styles = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;

        public override string Usage(ModuleEntry entry) => string.Join(' ', entry.Arguments
            .Select(argument => argument.IsRequired ? argument.Id.ToUpperInvariant() : $"[{argument.Id.ToUpperInvariant()}]")
            .Prepend(entry.Id));

        public override string Example(ModuleEntry entry)
            => string.Join(' ', entry.Arguments.Select(argument => Text(argument.Default)).Prepend(entry.Id));

        public override IReadOnlyList<double>? Read(ModuleEntry entry, ReadOnlySpan<string> words, Shape from, out string mistake)
        {
            var arguments = entry.Arguments;
            mistake = arguments.Count == 0 ? $"must be {entry.Id} alone" : $"must be written as {entry.Usage}, e.g. {entry.Example}";
            if (words.Length > arguments.Count || (words.Length < arguments.Count && arguments[words.Length].IsRequired))
            {
                return null;
            }

            List<double> values = [];
            foreach (var argument in arguments)
            {
                var value = argument.Default;
                if (values.Count < words.Length && (!double.TryParse(words[values.Count], Styles, CultureInfo.InvariantCulture, out value)
                    || argument.Objection(value) is not null))
                {
                    mistake = $"has a wrong {argument.Id}, which must be {argument.Range}, e.g. {entry.Example}";
                    return null;
                }

                values.Add(value);
            }

            return values;
        }

        public override IEnumerable<string> Write(PlannedModule module)
        {
            var (arguments, values) = (module.Entry.Arguments, module.Arguments);
            var said = arguments.Count;
            while (said > 0 && !arguments[said - 1].IsRequired && values[said - 1].Equals(arguments[said - 1].Default))
            {
                said--;
            }

            return values.Take(said).Select(Text);
        }

        private static string Text(double value) => value.ToString(CultureInfo.InvariantCulture);
    }
}
