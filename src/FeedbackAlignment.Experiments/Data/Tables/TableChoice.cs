using FeedbackAlignment.Data;
using FeedbackAlignment.Data.Files;
using FeedbackAlignment.Experiments.Specs;

namespace FeedbackAlignment.Experiments.Data.Tables;

/// <summary>
/// Decides what the columns of a training table are for: as the spec says, or as the table shows. What a table shows in two ways is
/// refused, with the options that would settle it. (A spec of version 0.1 settles it as that version did.)
/// </summary>
internal sealed class TableChoice
{
    /// <summary>
    /// Columns with more categories than this, and more than half as many as there are examples, are names and no categories.
    /// </summary>
    private const int FewCategories = 20;

    private readonly CsvTable _table;
    private readonly DataSpec _spec;
    private readonly bool _isOld;
    private readonly List<string> _seen = [];

    private TableChoice(CsvTable table, DataSpec spec, int format)
    {
        (_table, _spec, _isOld) = (table, spec, format < ExperimentSpec.CurrentFormat);
        Ignored = Named(spec.Ignore, "ignore");
        Categorical = Named(spec.Categorical, "categorical");
        Group = spec.Group is null ? null : Named([spec.Group], "group")[0];
        RequireGroup();
        Targets = spec.Target is null ? Guess() : Named(spec.Target, "target");
        Require(Targets.Except(Ignored).Count() == Targets.Count && (Group is null || (!Targets.Contains(Group) && !Ignored.Contains(Group))), "data: a column can be only one of target, ignored and group");
        Inputs = [.. table.Columns.Except(Targets).Except(Ignored).Where(column => column != Group)];
        Require(Inputs.Count > 0,
            $"{table.Source}: there are {table.Columns.Count} columns, but no column is left for the inputs; there must be at least one "
            + "besides the target");
        Task = spec.Task ?? GuessTask();
        RequireTask();
        foreach (var input in Inputs)
        {
            RequireInput(input);
        }
    }

    /// <summary>The columns that are learned.</summary>
    public IReadOnlyList<CsvColumn> Targets { get; }

    /// <summary>The columns that the network sees.</summary>
    public IReadOnlyList<CsvColumn> Inputs { get; }

    /// <summary>The columns that are left out.</summary>
    public IReadOnlyList<CsvColumn> Ignored { get; }

    /// <summary>The columns of numbers that are categories all the same.</summary>
    public IReadOnlyList<CsvColumn> Categorical { get; }

    /// <summary>The column that says which examples belong together.</summary>
    public CsvColumn? Group { get; }

    /// <summary>See <see cref="TaskIds"/>.</summary>
    public string Task { get; }

    /// <summary>What was seen from the table and not said, in words.</summary>
    public IReadOnlyList<string> Seen => _seen;

    /// <summary>Decides.</summary>
    /// <param name="table">The training table.</param>
    /// <param name="spec">What is said.</param>
    /// <param name="format">The format of the spec.</param>
    /// <exception cref="DataSourceException">The spec names a column that is not there, or the table can be read in two ways.</exception>
    /// <exception cref="DataFormatException">A value does not suit its column.</exception>
    public static TableChoice Of(CsvTable table, DataSpec spec, int format) => new(table, spec, format);

    /// <summary>Whether a column's values are categories.</summary>
    public bool IsCategorical(CsvColumn input) => input.Kind is CsvKind.Text || Categorical.Contains(input);

    private string Place(CsvColumn column) => _table.Format.Header == true ? column.Name : column.Index == _table.Columns.Count - 1 ? $"{column.Name} (the last column)" : $"{column.Name} (of {_table.Columns.Count} columns)";

    private List<CsvColumn> Named(IReadOnlyList<string>? names, string key)
    {
        var found = new List<CsvColumn>();
        foreach (var name in names ?? [])
        {
            var known = _table.Columns.Select(column => column.Name).ToList();
            found.Add(_table.Columns.FirstOrDefault(column => column.Name == name) ?? throw new DataSourceException(
                $"data.{key} (--{key}): {_table.Source} has no column "
                    + $"\"{name}\"{(_table.Format.Header == true ? "" : " (it has no header: columns are numbered from 1)")}; it has "
                    + $"{Listing.Some(known)}{DidYouMean.Hint(name, known)}"));
        }

        return found;
    }

    private CsvColumn[] Guess()
    {
        CsvColumn[] open = [.. _table.Columns.Except(Ignored).Where(column => column != Group)];
        Require(open.Length > 1, $"{_table.Source}: there are {open.Length} columns, there must be at least one for the input and one for the target");
        CsvColumn[] texts = [.. open.Where(column => column.Kind is CsvKind.Text or CsvKind.Boolean)];
        CsvColumn[] named = _table.Format.Header == true ? [.. open.Where(column => IsNamed(column, open))] : [];
        if (named.Length > 0)
        {
            // An "x, y, kind" is a place and what is there.
            CsvColumn[] others = ColumnNames.MayMeanTarget(named[0].Name) ? [.. texts.Where(column => column != named[0] && (column == open[0] || column == open[^1]))] : [];
            Require(others.Length == 0,
                $"{_table.Source}: cannot tell which column to predict; choose it: {Options([.. named, .. others])}");

            // Several numbers may be learned at once; several columns of other names may not all be meant.
            Require(named.Length == 1 || named.All(column => ColumnNames.MeansNumber(column.Name)),
                $"{_table.Source}: more than one column has the name of a target; choose the one to predict: {Options(named)}");
            _seen.Add($"target {string.Join(", ", named.Select(column => column.Name))} (by its name)");
            return named;
        }

        if (texts is [var only] && (only == open[0] || only == open[^1]) && open.All(column => column == only || column.Kind == CsvKind.Number) && AreFew(only))
        {
            _seen.Add($"target {Place(only)}, the only column of text");
            return [only];
        }

        if (_isOld)
        {
            _seen.Add($"target {Place(open[^1])}, the last column, as version 0.1 read it");
            return [open[^1]];
        }

        throw new DataSourceException($"{_table.Source}: cannot tell which column to predict; choose it: {Options([open[^1], open[0]])}");
    }

    private static bool IsNamed(CsvColumn column, CsvColumn[] open)
        => ColumnNames.MeansClass(column.Name) || ColumnNames.MeansNumber(column.Name) || (ColumnNames.MayMeanTarget(column.Name) && (column == open[0] || column == open[^1]));

    private string GuessTask()
    {
        var name = Targets[0].Name;
        var header = _table.Format.Header == true;
        if (Targets.Count > 1)
        {
            return Say(TaskIds.Regress, "there are several targets");
        }

        var target = Targets[0];
        switch (target.Kind)
        {
            case CsvKind.Text or CsvKind.Boolean or CsvKind.Date:
                return AreFew(target) || _isOld ? Say(TaskIds.Classify, "its values are names") : throw new DataSourceException(
                    $"{_table.Source}: the target {Place(target)} has {Different(target)} different texts in {_table.Rows} examples; use "
                        + "--task classify if each is a class, or name another --target");
            case CsvKind.Mixed when !(header && ColumnNames.MeansClass(name)):
                throw _table.At(target, target.FirstText,
                    $"{_table.Quoted(target.FirstText, target)} is not a number, but other values of the target {Place(target)} are; "
                    + "correct it, or treat the values as names of classes: --task classify");
            case CsvKind.Mixed:
                return Say(TaskIds.Classify, "by its name");
            case CsvKind.Empty:
                throw _table.Missing(target);
        }

        var areFew = AreFew(target);
        if (header && ColumnNames.MeansNumber(name) && (_isOld || !target.IsWhole || !areFew))
        {
            return Say(TaskIds.Regress, "by its name");
        }

        if (target.IsWhole && areFew && header && ColumnNames.MeansClass(name))
        {
            return Say(TaskIds.Classify, "by its name");
        }

        if (!target.IsWhole && !(header && ColumnNames.MeansClass(name)))
        {
            return Say(TaskIds.Regress, "its values are numbers with decimals");
        }

        if (_isOld && areFew)
        {
            return Say(TaskIds.Classify, "whole numbers, as version 0.1 read them");
        }

        throw new DataSourceException(
            $"{_table.Source}: the target {Place(target)} has {Different(target)} different "
                + $"{(target.IsWhole ? "whole numbers" : "numbers")} in {_table.Rows} examples; choose --task classify (each is a class) "
                + "or --task regress (they are amounts)");

        string Say(string task, string why)
        {
            _seen.Add($"{(task == TaskIds.Classify ? "classes" : "numbers")} to be learned ({why})");
            return task;
        }
    }

    private void RequireGroup()
    {
        if (Group is null)
        {
            return;
        }

        RequireOneLine(Group);
        if (Group.FirstMissing >= 0)
        {
            throw _table.Missing(Group);
        }
    }

    private void RequireTask()
    {
        if (Task == TaskIds.Classify)
        {
            Require(Targets.Count == 1, $"data.task (--task): only one column can be a class, but {Targets.Count} are targets ({string.Join(", ", Targets.Select(Place))}); name one with --target, or say --task regress");
            if (Different(Targets[0]) == 0)
            {
                throw _table.Missing(Targets[0]);
            }

            Require(Different(Targets[0]) > 1,
                $"{_table.Source}: all {_table.Rows} examples have the same class, "
                + $"{_table.Names(Targets[0]).First(name => name.Length > 0)}: there is nothing to learn");
            RequireOneLine(Targets[0]);
            return;
        }

        foreach (var target in Targets)
        {
            if (target.Kind is not CsvKind.Number)
            {
                throw target.FirstText >= 0
                    ? _table.At(target, target.FirstText,
                        $"{_table.Quoted(target.FirstText, target)} is not a finite number, which --task regress requires of the target "
                        + $"{Place(target)}") : _table.Missing(target);
            }
        }

        Require(Targets.Any(target => target.Least < target.Greatest), $"{_table.Source}: every example has the same target, {Targets[0].Least}: there is nothing to learn");
    }

    private void RequireInput(CsvColumn input)
    {
        var place = Place(input);
        switch (input.Kind)
        {
            case CsvKind.Empty:
                throw new DataSourceException($"{_table.Source}: the column {place} has no values; leave it out: --ignore {Typed(input)}");
            case CsvKind.Date when !Categorical.Contains(input):
                throw _table.At(input, input.FirstText,
                    $"the column {place} contains dates, which cannot be inputs; leave it out (--ignore {Typed(input)}), or convert the "
                    + "dates to numbers");
            case CsvKind.Mixed when !Categorical.Contains(input):
                throw _table.At(input, input.FirstText,
                    $"{_table.Quoted(input.FirstText, input)} is not a finite number, but other values of the column {place} are; "
                    + $"correct it, or treat the column as categories: --categorical {Typed(input)}");
        }

        if (IsCategorical(input))
        {
            RequireOneLine(input);
            var different = Different(input);
            Require(different <= FewCategories || 2 * different <= _table.Rows || Categorical.Contains(input),
                $"{_table.Source}: the column {place} has {different} different texts in {_table.Rows} examples; leave it out (--ignore "
                + $"{Typed(input)}), or treat them as categories: --categorical {Typed(input)}");
        }
        else if (_spec.Ignore is null && !_isOld && OnlyCounts(input))
        {
            throw new DataSourceException(
                $"{_table.Source}: the column {place} seems to be only a row number and should not be an input; leave it out (--ignore "
                + $"{Typed(input)}), or use it as an input: --ignore none");
        }
    }

    /// <summary>A text with a line break in it is more often a quote that was not closed.</summary>
    private void RequireOneLine(CsvColumn column)
    {
        if (column.FirstBroken >= 0)
        {
            throw _table.At(column, column.FirstBroken, TableRemarks.Broken);
        }
    }

    /// <summary>
    /// A column of whole numbers that are all different and have the name of a number of the example, or the first column of a file
    /// without names that counts the lines.
    /// </summary>
    private bool OnlyCounts(CsvColumn input)
    {
        if (input.Kind != CsvKind.Number || !input.IsWhole || _table.Rows < 3)
        {
            return false;
        }

        // A first column without a name under a header is an index: spreadsheets and pandas write it so, in any order.
        return input.IsNamed ? ColumnNames.NumbersExamples(input.Name) && Different(input) == _table.Rows
            : input.Index == 0 && (_table.Format.Header == true || Counts(input));
    }

    private bool Counts(CsvColumn input)
        => input.Least is 0 or 1 && Enumerable.Range(0, _table.Rows).All(row => _table.Number(row, input.Index) == input.Least + row);

    private int Different(CsvColumn column) => _table.Names(column).Where(name => name.Length > 0).Distinct().Count();

    /// <summary>Whether there are at most half as many different values as examples, as with classes.</summary>
    private bool AreFew(CsvColumn column) => 2 * Different(column) <= _table.Rows;

    private string Options(IReadOnlyList<CsvColumn> columns)
        => string.Join(" or ", columns.Select(column => $"--target {Typed(column)}{(column.Index == _table.Columns.Count - 1 ? " (the last column)" : column.Index == 0 ? " (the first column)" : "")}"));

    /// <summary>A name as it is typed.</summary>
    private static string Typed(CsvColumn column) => column.Name.Any(letter => char.IsWhiteSpace(letter) || letter is '\'' or '"' or '&' or ';' or '(' or ')') ? $"\"{column.Name}\"" : column.Name;

    private static void Require(bool holds, string problem)
    {
        if (!holds)
        {
            throw new DataSourceException(problem);
        }
    }
}
