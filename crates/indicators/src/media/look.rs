//! What judging a medium needs to look at: a node's [`Reader`], which writes down every look, or the plain [`World`].

use crate::graph::{PointMonth, Reader, World};
use domain::{Medium, Month, Point, Year};
use standards::Catalog;

/// An area and a year of a world.
pub trait Look {
    /// The year asked about.
    fn year(&self) -> Year;
    /// The standards.
    fn catalog(&self) -> &Catalog;
    /// The rows of the points of a medium that lie in the area and hold on any day of the year, by code and time.
    fn points(&self, medium: Medium) -> Vec<&Point>;
    /// A month of a point.
    fn month(&self, point: &str, month: Month) -> Option<&PointMonth>;
    /// What a scenario assumes of a feature.
    fn assumed(&self, feature: &str, item: &str) -> Option<&str>;
}

/// A world looked at without writing down, for pages.
#[derive(Clone, Copy, Debug)]
pub struct Plain<'a> {
    /// The world.
    pub world: &'a World,
    /// Area code.
    pub area: &'a str,
    /// Year.
    pub year: Year,
}

impl Look for Plain<'_> {
    fn year(&self) -> Year {
        self.year
    }

    fn catalog(&self) -> &Catalog {
        &self.world.standards
    }

    fn points(&self, medium: Medium) -> Vec<&Point> {
        self.world.points_of(medium, self.area, self.year)
    }

    fn month(&self, point: &str, month: Month) -> Option<&PointMonth> {
        self.world.months.get(&(point.to_string(), month))
    }

    fn assumed(&self, feature: &str, item: &str) -> Option<&str> {
        let assumed = &self.world.assumed;
        assumed.iter().find(|own| own.feature == feature && own.item == item).map(|own| own.value.as_str())
    }
}

impl Look for Reader<'_> {
    fn year(&self) -> Year {
        Reader::year(self)
    }

    fn catalog(&self) -> &Catalog {
        Reader::catalog(self)
    }

    fn points(&self, medium: Medium) -> Vec<&Point> {
        Reader::points(self, medium)
    }

    fn month(&self, point: &str, month: Month) -> Option<&PointMonth> {
        Reader::month(self, point, month)
    }

    fn assumed(&self, feature: &str, item: &str) -> Option<&str> {
        Reader::assumed(self, feature, item)
    }
}
